using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using Brickwork.Kernels.Elementwise;

namespace Brickwork.Kernels.Attention;

static unsafe partial class SequenceBlocks
{
    // The rows of a head lie so far apart that the processor sees no pattern in them.
    const int RowsAhead = 8;
    const int LineFloats = 16;

    /// <summary>Copies the rows of one of some heads, each times a factor, and makes the rest of the target zero.</summary>
    /// <param name="source">[at least rows, heads*width].</param>
    /// <param name="rows">How many.</param>
    /// <param name="head">Which head.</param>
    /// <param name="heads">How many there are.</param>
    /// <param name="factor">1 = as they are.</param>
    /// <param name="target">[at least rows, Padded(width)].</param>
    /// <param name="width">Values of a row of the head.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Pack<T>(ReadOnlySpan<float> source, int rows, int head, int heads, float factor, Span<float> target, int width)
        where T : struct, ILanes<T>
    {
        var (stride, padded, whole) = (heads * width, Padded(width), width - width % T.Count);
        for (var row = 0; row < rows; row++)
        {
            var from = source.Slice(row * stride + head * width, width);
            var to = target.Slice(row * padded, padded);
            CallAhead(source, row * stride + head * width, stride, width);
            ref var value = ref MemoryMarshal.GetReference(from);
            ref var place = ref MemoryMarshal.GetReference(to);
            for (var i = 0; i < whole; i += T.Count)
                T.Store(T.Load(ref value, (nuint)i) * T.Broadcast(factor), ref place, (nuint)i);
            for (var i = whole; i < padded; i++)
                to[i] = i < width ? from[i] * factor : 0;
        }
        target[(rows * padded)..].Clear();
    }

    /// <summary>Adds rows, each times a factor, to the rows of a head.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add<T>(ReadOnlySpan<float> packed, int rows, float factor, Span<float> target, int head, int heads, int width)
        where T : struct, ILanes<T>
    {
        var (stride, padded, whole) = (heads * width, Padded(width), width - width % T.Count);
        for (var row = 0; row < rows; row++)
        {
            var from = packed.Slice(row * padded, padded);
            var to = target.Slice(row * stride + head * width, width);
            CallAhead(target, row * stride + head * width, stride, width);
            ref var value = ref MemoryMarshal.GetReference(from);
            ref var place = ref MemoryMarshal.GetReference(to);
            for (var i = 0; i < whole; i += T.Count)
                T.Store(T.MultiplyAdd(T.Load(ref value, (nuint)i), T.Broadcast(factor), T.Load(ref place, (nuint)i)), ref place, (nuint)i);
            for (var i = whole; i < width; i++)
                to[i] = MathF.FusedMultiplyAdd(from[i], factor, to[i]);
        }
    }

    /// <summary>Calls a row that is wanted soon into the cache.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void CallAhead(ReadOnlySpan<float> rows, int place, int stride, int width)
    {
        if (!Sse.IsSupported || place + RowsAhead * stride + width > rows.Length)
            return;
        for (var i = 0; i < width; i += LineFloats)
            Sse.Prefetch0(Unsafe.AsPointer(in rows[place + RowsAhead * stride + i]));
    }
}
