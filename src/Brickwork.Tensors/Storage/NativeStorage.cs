using System.Runtime.InteropServices;

namespace Brickwork.Tensors.Storage;

/// <summary>Memory of our own, zeroed, aligned to a cache line.</summary>
/// <exception cref="OutOfMemoryException">There is not that much memory.</exception>
sealed unsafe class NativeStorage(long length) : TensorStorage(Allocate(length), length)
{
    const int Alignment = 64;

    static byte* Allocate(long length)
    {
        var start = (byte*)NativeMemory.AlignedAlloc((nuint)Math.Max(length, Alignment), Alignment);
        NativeMemory.Clear(start, (nuint)length);
        return start;
    }

    protected override void FreeMemory(byte* start) => NativeMemory.AlignedFree(start);
}
