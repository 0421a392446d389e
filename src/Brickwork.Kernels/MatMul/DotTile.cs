namespace Brickwork.Kernels.MatMul;

/// <summary>A tile of dot products: every row of some weights with every row of some inputs, in F32.</summary>
/// <remarks>
/// One dot product is 16 running sums ("lanes"): lane l takes columns l, l+16, l+32, … in that order, each by one fused multiply-add;
/// at the end the lanes are added in a fixed tree. Every path keeps this order, so all of them, for any size of tile and any split
/// of the columns into pieces of whole lanes, give the same bits.
/// </remarks>
static partial class DotTile
{
    /// <summary>Running sums per dot product, and what the columns of a call must be a multiple of.</summary>
    public const int Lanes = 16;

    /// <summary>lanes[t, r, l] += Σ_j weights[r, 16j + l] · inputs[t, 16j + l].</summary>
    /// <param name="path">The kernel to use.</param>
    /// <param name="weights">Rows of weights.</param>
    /// <param name="inputs">Rows of inputs, one per token.</param>
    /// <param name="columns">A multiple of <see cref="Lanes"/>.</param>
    /// <param name="lanes">[tokens, rows, <see cref="Lanes"/>].</param>
    public static void Accumulate(InstructionSet path, in Rows weights, in Rows inputs, int columns, Span<float> lanes)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(columns % Lanes, 0, nameof(columns));
        Check(weights, columns);
        Check(inputs, columns);
        ArgumentOutOfRangeException.ThrowIfLessThan(lanes.Length, checked(weights.Count * inputs.Count * Lanes), nameof(lanes));
        if (weights.Count == 0 || inputs.Count == 0 || columns == 0)
            return;
        switch (path)
        {
            case InstructionSet.Avx512: AccumulateAvx512(weights, inputs, columns, lanes); break;
            case InstructionSet.Avx2: AccumulateAvx2(weights, inputs, columns, lanes); break;
            case InstructionSet.Vector: AccumulateVector(weights, inputs, columns, lanes); break;
            default: AccumulateReference(weights, inputs, columns, lanes); break;
        }
    }

    /// <summary>Whether a path can read a storage type without a buffer; worth it for a few tokens.</summary>
    public static bool ReadsStored(InstructionSet path, DType type) => path == InstructionSet.Avx512 && (type is DType.F16 or DType.BF16);

    /// <summary>lanes[t, r, l] = Σ_j weights[r, 16j + l] · inputs[t, 16j + l], with weights as they are stored.</summary>
    /// <param name="type">F16 or BF16.</param>
    /// <param name="weights">From the first column to use of the first row on.</param>
    /// <param name="rowBytes">From one row to the next.</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="inputs">Rows of inputs, one per token.</param>
    /// <param name="columns">A multiple of <see cref="Lanes"/>.</param>
    /// <param name="lanes">[tokens, rows, <see cref="Lanes"/>].</param>
    public static void SumStored(
        DType type, ReadOnlySpan<byte> weights, int rowBytes, int rows, in Rows inputs, int columns, Span<float> lanes)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(columns % Lanes, 0, nameof(columns));
        ArgumentOutOfRangeException.ThrowIfLessThan(weights.Length, checked((rows - 1) * rowBytes + (int)type.RowBytes(columns)),
            nameof(weights));
        ArgumentOutOfRangeException.ThrowIfLessThan(lanes.Length, checked(rows * inputs.Count * Lanes), nameof(lanes));
        Check(inputs, columns);
        if (type == DType.F16)
            SumStoredAvx512<F16Lanes>(weights, rowBytes, rows, inputs, columns, lanes);
        else
            SumStoredAvx512<BF16Lanes>(weights, rowBytes, rows, inputs, columns, lanes);
    }

    /// <summary>Adds up the lanes of each dot product.</summary>
    /// <param name="path">The kernel to use.</param>
    /// <param name="lanes">[sums, <see cref="Lanes"/>].</param>
    /// <param name="sums">One value per dot product.</param>
    public static void Reduce(InstructionSet path, ReadOnlySpan<float> lanes, Span<float> sums)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(lanes.Length, checked(sums.Length * Lanes), nameof(lanes));
        if (path >= InstructionSet.Avx2)
            ReduceAvx2(lanes, sums);
        else
            ReduceReference(lanes, sums);
    }

    static void Check(in Rows rows, int columns)
    {
        if (rows.Count > 0)
            ArgumentOutOfRangeException.ThrowIfLessThan(rows.Values.Length, checked((rows.Count - 1) * rows.Stride + columns),
                nameof(rows));
    }

    /// <summary>Rows of values that start <paramref name="stride"/> values apart.</summary>
    public readonly ref struct Rows(ReadOnlySpan<float> values, int count, int stride)
    {
        public readonly ReadOnlySpan<float> Values = values;
        public readonly int Count = count;
        public readonly int Stride = stride;
    }
}
