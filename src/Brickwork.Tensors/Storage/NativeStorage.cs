using System.Runtime.InteropServices;

namespace Brickwork.Tensors.Storage;

/// <summary>Memory of our own, zeroed, aligned to a cache line.</summary>
/// <exception cref="OutOfMemoryException">There is not that much memory.</exception>
sealed unsafe class NativeStorage(long length) : TensorStorage(Allocate(length), length)
{
    const int Alignment = 64;

    // Weights are read from end to end: large pages save a page fault per 4 KiB at the start and look-ups of addresses ever after.
    const int LargePage = 2 << 20;

    static byte* Allocate(long length)
    {
        var isLarge = length >= 2 * LargePage;
        var start = (byte*)NativeMemory.AlignedAlloc((nuint)Math.Max(length, Alignment), isLarge ? LargePage : (nuint)Alignment);
        if (isLarge)
            MemoryAdvice.Give(start, length, MemoryAdvice.LargePages);
        NativeMemory.Clear(start, (nuint)length);
        return start;
    }

    protected override void FreeMemory(byte* start) => NativeMemory.AlignedFree(start);
}
