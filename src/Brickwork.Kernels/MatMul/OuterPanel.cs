using System.Runtime.InteropServices;
using Brickwork.Kernels.Blocks;
using Brickwork.Kernels.Threading;

namespace Brickwork.Kernels.MatMul;

/// <summary>The exact product of 64 weight rows with many tokens, as outer products of a column of weights and a row of inputs.</summary>
/// <remarks>
/// The sums are those of <see cref="DotTile"/>, bit for bit, in another order of work: lane after lane, and in one lane column after
/// column for 64 rows and 6 tokens at once, which takes 10 loads for 24 vectors of products and leaves no sums to add across a vector.
/// For that, weights and inputs are laid out lane by lane: the weights of each call here, the inputs once for all rows.
/// </remarks>
static partial class OuterPanel
{
    /// <summary>Weight rows of a call.</summary>
    public const int Rows = 64;

    /// <summary>Tokens whose inputs lie side by side.</summary>
    public const int GroupTokens = 6;

    // Weights of one lane that stay in the nearest cache while the groups pass: 32 KiB.
    const int PieceSteps = 128;

    // The sums of so many groups stay in the second-level cache.
    const int PassGroups = 16;

    // Columns that go by way of a buffer together: whole blocks of every type.
    const int UnpackedColumns = 256;

    // Lanes are added in pairs, pairs of pairs …: sums wait on four levels, and the fifth is the result.
    const int LevelFloats = Rows * GroupTokens;
    const int GroupSums = 5 * LevelFloats;

    /// <summary>Whether there is a kernel, and enough tokens to repay laying out the weights.</summary>
    public static bool Takes(InstructionSet path, DType type, int tokens) =>
        path == InstructionSet.Avx512 && tokens >= (DotTile.ReadsStored(path, type) ? 2 * GroupTokens : GroupTokens);

    /// <summary>How many groups these tokens are; the last one may be filled up.</summary>
    public static int Groups(int tokens) => (tokens + GroupTokens - 1) / GroupTokens;

    /// <summary>Floats that the inputs of one group take.</summary>
    public static int GroupFloats(int columns) => DotTile.Lanes * InputLane(columns);

    /// <summary>Lays out the inputs of one group, with the last token in place of those that it lacks.</summary>
    /// <param name="inputs">[1 … 6 tokens, columns].</param>
    /// <param name="columns">Values per token.</param>
    /// <param name="group">[<see cref="GroupFloats"/>].</param>
    public static void LayOutInputs(ReadOnlySpan<float> inputs, int columns, Span<float> group)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(inputs.Length % columns, 0, nameof(inputs));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(inputs.Length / columns, GroupTokens, nameof(inputs));
        ArgumentOutOfRangeException.ThrowIfLessThan(group.Length, GroupFloats(columns), nameof(group));
        LayOutInputsAvx512(inputs, columns, group);
    }

    /// <summary>outputs[t, r] = Σ_k weights[r, k] · inputs[t, k].</summary>
    /// <param name="type">How the weights are stored.</param>
    /// <param name="weights">[<see cref="Rows"/>, columns] as stored.</param>
    /// <param name="inputs">Groups as <see cref="LayOutInputs"/> leaves them.</param>
    /// <param name="tokens">How many tokens.</param>
    /// <param name="columns">Values per row.</param>
    /// <param name="outputs">Output of token t and row r at t · <paramref name="outputStride"/> + r.</param>
    /// <param name="outputStride">From one token's outputs to the next one's.</param>
    public static void Run(DType type, ReadOnlySpan<byte> weights, ReadOnlySpan<float> inputs, int tokens, int columns,
        Span<float> outputs, int outputStride)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(weights.Length, Rows * type.RowBytes(columns), nameof(weights));
        ArgumentOutOfRangeException.ThrowIfLessThan(inputs.Length, Groups(tokens) * GroupFloats(columns), nameof(inputs));
        var panel = Floats<Panel>(DotTile.Lanes * WeightLane(columns));
        LayOutWeights(type, weights, columns, panel);
        var sums = Floats<Sums>(PassGroups * GroupSums);
        for (var token = 0; token < tokens; token += PassGroups * GroupTokens)
        {
            var some = Math.Min(PassGroups * GroupTokens, tokens - token);
            var first = token / GroupTokens * GroupFloats(columns);
            MultiplyAvx512(panel, inputs[first..], Groups(some), columns, sums);
            for (var index = 0; index < some; index++)
                sums.Slice(index / GroupTokens * GroupSums + 4 * LevelFloats + index % GroupTokens * Rows, Rows)
                    .CopyTo(outputs.Slice((token + index) * outputStride, Rows));
        }
    }

    static void LayOutWeights(DType type, ReadOnlySpan<byte> weights, int columns, Span<float> panel)
    {
        var rowBytes = (int)type.RowBytes(columns);
        var whole = columns / DotTile.Lanes * DotTile.Lanes;
        if (type == DType.F16)
            LayOutWeightsAvx512<DotTile.F16Lanes>(weights, rowBytes, whole, WeightLane(columns), panel);
        else if (type == DType.BF16)
            LayOutWeightsAvx512<DotTile.BF16Lanes>(weights, rowBytes, whole, WeightLane(columns), panel);
        else if (type == DType.F32)
            LayOutWeightsAvx512<DotTile.F32Lanes>(weights, rowBytes, whole, WeightLane(columns), panel);
        else
            whole = 0;
        for (var column = whole; column < columns; column += UnpackedColumns)
            LayOutUnpacked(type, weights, rowBytes, column, Math.Min(UnpackedColumns, columns - column), WeightLane(columns), panel);
    }

    /// <summary>Some columns by way of floats in a row, filled up with zeros to whole lanes.</summary>
    static void LayOutUnpacked(
        DType type, ReadOnlySpan<byte> weights, int rowBytes, int first, int count, int laneFloats, Span<float> panel)
    {
        const int Stride = UnpackedColumns + DotTile.Lanes;
        var padded = (count + DotTile.Lanes - 1) / DotTile.Lanes * DotTile.Lanes;
        var values = Floats<Unpacked>(Rows * Stride);
        var (start, length) = ((int)type.RowBytes(first), (int)type.RowBytes(count));
        for (var row = 0; row < Rows; row++)
        {
            var some = values.Slice(row * Stride, padded);
            Dequantizer.Run(type, weights.Slice(row * rowBytes + start, length), some[..count]);
            some[count..].Clear();
        }
        LayOutWeightsAvx512<DotTile.F32Lanes>(MemoryMarshal.AsBytes(values), Stride * sizeof(float), padded, laneFloats,
            panel[(first / DotTile.Lanes * Rows)..]);
    }

    static int Steps(int columns) => (columns + DotTile.Lanes - 1) / DotTile.Lanes;

    // One cache line more than needed: lanes that lie a power of two apart would fight for the same places of the cache.
    static int WeightLane(int columns) => Steps(columns) * Rows + DotTile.Lanes;

    // The last step writes two floats too many.
    static int InputLane(int columns) => Steps(columns) * GroupTokens + 2;

    /// <summary>The lanes in an order in which each can be added to what waits: 0, 8, 4, 12, then 1, 9, 5, 13, …</summary>
    static int LaneAt(int index) => index >> 2 | (index & 1) << 3 | (index & 2) << 1;

    static Span<float> Floats<TUse>(int count) => MemoryMarshal.Cast<byte, float>(ThreadScratch<TUse>.Take(count * sizeof(float)));

    struct Panel;

    struct Sums;

    struct Unpacked;
}
