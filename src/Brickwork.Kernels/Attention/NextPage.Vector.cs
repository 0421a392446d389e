using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Brickwork.Kernels.Attention;

/// <summary>Calls the next page into the cache while this one is worked on; the processor itself sees no pattern in pages.</summary>
static unsafe class NextPage
{
    const int LineBytes = 64;

    /// <summary>From this page to the next one of the same head; 0 where there is none.</summary>
    public static nint Distance(ReadOnlySpan<byte> page, ReadOnlySpan<byte> next) =>
        next.IsEmpty ? 0 : Unsafe.ByteOffset(in page[0], in next[0]);

    /// <summary>Calls as many lines as a vector of <typeparamref name="T"/> covers, <paramref name="distance"/> bytes behind it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Call<T>(ref T place, int bytes, nint distance)
    {
        if (!Sse.IsSupported || distance == 0)
            return;
        // The address is only a hint: pages are native memory, which does not move, and a wrong one does no harm.
        var address = (byte*)Unsafe.AsPointer(ref place) + distance;
        for (var line = 0; line < bytes; line += LineBytes)
            Sse.Prefetch1(address + line);
    }
}
