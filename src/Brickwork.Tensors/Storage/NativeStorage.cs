using System.Runtime.InteropServices;

namespace Brickwork.Tensors.Storage;

/// <summary>Memory of our own, aligned to a cache line.</summary>
/// <param name="length">Bytes.</param>
/// <param name="isCleared">Whether it is zero at first; otherwise it holds anything, and pages that are not used cost nothing.</param>
/// <exception cref="OutOfMemoryException">There is not that much memory.</exception>
sealed unsafe class NativeStorage(long length, bool isCleared = true) : TensorStorage(Allocate(length, isCleared), length)
{
    const int Alignment = 64;

    // Weights are read from end to end: large pages save a page fault per 4 KiB at the start and look-ups of addresses ever after.
    const int LargePage = 2 << 20;

    static byte* Allocate(long length, bool isCleared)
    {
        var isLarge = length >= 2 * LargePage;
        var start = (byte*)NativeMemory.AlignedAlloc((nuint)Math.Max(length, Alignment), isLarge ? LargePage : (nuint)Alignment);
        if (isLarge)
            MemoryAdvice.Give(start, length, MemoryAdvice.LargePages);
        if (isCleared)
            NativeMemory.Clear(start, (nuint)length);
        return start;
    }

    protected override void FreeMemory(byte* start) => NativeMemory.AlignedFree(start);
}
