using Brickwork.Kernels.Elementwise;

namespace Brickwork.Kernels.Attention;

/// <summary>Some neighbouring rows of one query head, and the part of each block of keys that they see.</summary>
/// <param name="Options">The form of the attention.</param>
/// <param name="Head">Which query head.</param>
/// <param name="First">The first row's position.</param>
/// <param name="Rows">How many rows.</param>
/// <param name="Length">Positions in the sequence.</param>
readonly record struct SequenceStrip(AttentionOptions Options, int Head, int First, int Rows, int Length)
{
    /// <summary>Rows with those added that fill the last tile of a product.</summary>
    public int PaddedRows => (Rows + BlockProduct.Rows - 1) / BlockProduct.Rows * BlockProduct.Rows;

    /// <summary>The first block of keys that some row sees.</summary>
    public int FirstBlock => Start / SequenceAttentionKernel.BlockKeys;

    /// <summary>One more than the last.</summary>
    public int EndBlock => (End + SequenceAttentionKernel.BlockKeys - 1) / SequenceAttentionKernel.BlockKeys;

    /// <summary>What a score loses per position of distance.</summary>
    public float DistanceBias => Options.AlibiSlopes is { } slopes ? slopes[Head] : 0;

    // Every mask moves on with the position, so the first row sees what is first, the last row what is last.
    int Start => Options.Mask.Start(First);

    int End => Options.Mask.End(First + Rows - 1, Length);

    /// <summary>Copies the strip's rows out of those of all heads of the sequence, each times a factor.</summary>
    public void Pack<T>(ReadOnlySpan<float> rows, float factor, Span<float> target, int width) where T : struct, ILanes<T> =>
        SequenceBlocks.Pack<T>(rows[(First * Options.Heads * width)..], Rows, Head, Options.Heads, factor, target, width);

    /// <summary>The keys of a block that some row sees, from the beginning of a panel to the end of a vector.</summary>
    public (int Low, int High) Seen(int block)
    {
        var first = block * SequenceAttentionKernel.BlockKeys;
        var low = Math.Max(0, Start - first) / TurnedKeys.PanelRows * TurnedKeys.PanelRows;
        var high = Math.Min(SequenceAttentionKernel.BlockKeys, End - first);
        return (low, (high + BlockProduct.Columns - 1) / BlockProduct.Columns * BlockProduct.Columns);
    }

    /// <summary>The keys that a row sees within low … high of a block, counted from there; padding rows see none.</summary>
    public (int Low, int High) Seen(int row, int block, int low, int high)
    {
        if (row >= Rows)
            return (0, 0);
        var first = block * SequenceAttentionKernel.BlockKeys + low;
        var start = Math.Clamp(Options.Mask.Start(First + row) - first, 0, high - low);
        return (start, Math.Max(start, Math.Min(high - low, Options.Mask.End(First + row, Length) - first)));
    }
}
