using System.Runtime.InteropServices;
using Brickwork.Tensors.Weights;

namespace Brickwork.Benchmarks;

/// <summary>Copies of weights, together more than a third-level cache holds: taken in turn, they come from memory as the layers of a model do.</summary>
sealed class ProductWeights
{
    const long Beyond = 96L << 20;

    readonly WeightMatrix[] _copies;

    public ProductWeights(Compute compute, DType type, int rows, int columns)
    {
        Bytes = type.RowBytes(columns) * rows;
        _copies = [.. Enumerable.Range(0, (int)Math.Max(2, Beyond / Bytes)).Select(seed => new WeightMatrix(Weights(type, rows, columns, seed)))];
        foreach (var weight in _copies)
            weight.Prepare(compute);
    }

    /// <summary>Bytes of one copy as stored.</summary>
    public long Bytes { get; }

    /// <summary>The copy for that round.</summary>
    public WeightMatrix this[int round] => _copies[round % _copies.Length];

    /// <summary>Inputs between −½ and ½.</summary>
    public static Tensor Inputs(int rows, int columns)
    {
        var inputs = Tensor.Zeros(rows, columns);
        var random = new Random(5);
        foreach (ref var value in inputs.Floats)
            value = random.NextSingle() - 0.5f;
        return inputs;
    }

    static Tensor Weights(DType type, int rows, int columns, int seed)
    {
        var tensor = Tensor.Zeros(type, rows, columns);
        var random = new Random(seed);
        var first = tensor.RowSpan(0, 1);
        if (type is DType.F32)
            foreach (ref var value in MemoryMarshal.Cast<byte, float>(first))
                value = random.NextSingle() - 0.5f;
        else
        {
            // Small bytes are ordinary numbers whether they are halves, scales or quants.
            random.NextBytes(first);
            for (var index = 0; index < first.Length; index++)
                first[index] &= 0x2F;
        }
        for (var row = 1; row < rows; row++)
            first.CopyTo(tensor.RowSpan(row, 1));
        return tensor;
    }
}
