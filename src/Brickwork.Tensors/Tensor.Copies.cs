using Brickwork.Kernels.Blocks;
using Brickwork.Tensors.Storage;

namespace Brickwork;

public readonly partial struct Tensor
{
    /// <summary>A tensor with memory of its own, zeroed.</summary>
    internal static Tensor Zeros(DType type, Shape shape) => new(new NativeStorage(ByteLength(type, shape)), 0, type, shape);

    /// <summary>The same values as F32, in memory of their own.</summary>
    internal Tensor ToFloats()
    {
        var values = Zeros(DType.F32, Shape);
        for (var row = 0; row < Rows; row++)
            Dequantizer.Run(Type, RowSpan(row, 1), values.Row(row));
        return values;
    }

    /// <summary>The same bytes, in memory of their own.</summary>
    internal Tensor Copy()
    {
        var copy = Zeros(Type, Shape);
        for (var row = 0; row < Rows; row++)
            RowSpan(row, 1).CopyTo(copy.RowSpan(row, 1));
        return copy;
    }
}
