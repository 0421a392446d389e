using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Brickwork.Kernels.Blocks;
using Brickwork.Kernels.Threading;

namespace Brickwork.Kernels.MatMul;

/// <summary>The exact product of a panel of weight rows, stored in any type, with rows of F32 inputs.</summary>
/// <remarks>
/// Weights become F32 piece by piece, in memory small enough for the nearest cache. <see cref="DotTile"/> fixes the order of each sum,
/// so neither the pieces nor the number of rows or tokens in a call change a bit of the result.
/// </remarks>
static class DotPanel
{
    /// <summary>Columns per piece: whole blocks of every type; 4 rows of weights and 6 of inputs fit in 40 KiB.</summary>
    const int PieceColumns = 1024;

    /// <summary>Fewer tokens than a tile has: the time goes into reading the weights.</summary>
    const int FewTokens = 6;

    /// <summary>Most rows of a panel.</summary>
    public const int MostRows = 16;

    /// <summary>Most tokens of a call: their lanes stay in the second-level cache.</summary>
    public const int MostTokens = 192;

    /// <summary>outputs[t, r] = Σ_k weights[r, k] · inputs[t, k].</summary>
    /// <param name="path">The kernel to use.</param>
    /// <param name="type">How the weights are stored.</param>
    /// <param name="weights">[rows, columns] as stored; at most <see cref="MostRows"/> rows.</param>
    /// <param name="inputs">[tokens, columns]; at most <see cref="MostTokens"/> tokens.</param>
    /// <param name="columns">Values per row.</param>
    /// <param name="outputs">Output of token t and row r at t · <paramref name="outputStride"/> + r.</param>
    /// <param name="outputStride">From one token's outputs to the next one's.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(InstructionSet path, DType type, ReadOnlySpan<byte> weights, ReadOnlySpan<float> inputs, int columns,
        Span<float> outputs, int outputStride)
    {
        var rows = (int)(weights.Length / type.RowBytes(columns));
        var tokens = inputs.Length / columns;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rows, MostRows, nameof(weights));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(tokens, MostTokens, nameof(inputs));
        var lanes = Floats<Sums>(tokens * rows * DotTile.Lanes);
        lanes.Clear();
        // Reading in place twice or three times costs less than laying the weights out.
        var isStored = tokens < 2 * FewTokens && DotTile.ReadsStored(path, type);
        // What is read in place is read row by row from end to end: the processor fetches ahead along a row.
        var pieceColumns = isStored || (tokens < FewTokens && type == DType.F32) ? columns : PieceColumns;
        for (var column = 0; column < columns;)
        {
            var whole = Math.Min(pieceColumns, columns - column) / DotTile.Lanes * DotTile.Lanes;
            if (whole == 0)
                AccumulateTail(path, type, weights, rows, inputs, columns, column, lanes);
            else if (isStored)
                DotTile.SumStored(type, weights, (int)type.RowBytes(columns), rows, new(inputs, tokens, columns), whole, lanes);
            else
                DotTile.Accumulate(path, Weights(type, weights, rows, columns, column, whole), new(inputs[column..], tokens, columns),
                    whole, lanes);
            column += Math.Max(whole, DotTile.Lanes);
        }
        for (var token = 0; token < tokens; token++)
            DotTile.Reduce(path, lanes.Slice(token * rows * DotTile.Lanes, rows * DotTile.Lanes),
                outputs.Slice(token * outputStride, rows));
    }

    /// <summary>Columns <paramref name="first"/> … of the weights as F32, in place where they are stored so.</summary>
    static DotTile.Rows Weights(DType type, ReadOnlySpan<byte> weights, int rows, int columns, int first, int count)
    {
        if (type == DType.F32)
            return new(MemoryMarshal.Cast<byte, float>(weights)[first..], rows, columns);
        var values = Floats<Unpacked>(rows * count);
        var rowBytes = (int)type.RowBytes(columns);
        var start = (int)type.RowBytes(first);
        var length = (int)type.RowBytes(count);
        for (var row = 0; row < rows; row++)
            Dequantizer.Run(type, weights.Slice(row * rowBytes + start, length), values.Slice(row * count, count));
        return new(values, rows, count);
    }

    /// <summary>The last columns, fewer than the lanes, filled up with zeros: plain types only, since blocks are whole lanes.</summary>
    static void AccumulateTail(
        InstructionSet path, DType type, ReadOnlySpan<byte> weights, int rows, ReadOnlySpan<float> inputs, int columns, int first,
        Span<float> lanes)
    {
        var tokens = inputs.Length / columns;
        var padded = Floats<Padding>((rows + tokens) * DotTile.Lanes);
        padded.Clear();
        var rowBytes = (int)type.RowBytes(columns);
        for (var row = 0; row < rows; row++)
            Dequantizer.Run(type, weights.Slice(row * rowBytes, rowBytes)[(int)type.RowBytes(first)..],
                padded.Slice(row * DotTile.Lanes, columns - first));
        var paddedInputs = padded[(rows * DotTile.Lanes)..];
        for (var token = 0; token < tokens; token++)
            inputs.Slice(token * columns + first, columns - first).CopyTo(paddedInputs[(token * DotTile.Lanes)..]);
        DotTile.Accumulate(path, new(padded, rows, DotTile.Lanes), new(paddedInputs, tokens, DotTile.Lanes), DotTile.Lanes, lanes);
    }

    static Span<float> Floats<TUse>(int count) => MemoryMarshal.Cast<byte, float>(ThreadScratch<TUse>.Take(count * sizeof(float)));

    struct Sums;

    struct Unpacked;

    struct Padding;
}
