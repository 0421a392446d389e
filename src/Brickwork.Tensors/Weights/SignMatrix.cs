namespace Brickwork.Tensors.Weights;

/// <summary>A matrix of +1 and −1, one bit each: the lowest bit of a byte comes first, 1 = +1.</summary>
/// <param name="bits">[R, ⌈K/8⌉] I8.</param>
/// <param name="columns">K.</param>
sealed class SignMatrix(Tensor bits, int columns) : CodedMatrix(bits.Rows, columns)
{
    public override long Bytes => bits.Bytes;

    /// <summary>The signs of a matrix; zeros count as negative.</summary>
    /// <param name="rows">R.</param>
    /// <param name="columns">K.</param>
    /// <param name="read">Writes a row as F32.</param>
    public static Tensor Of(int rows, int columns, Action<int, float[]> read)
    {
        var bits = Tensor.Zeros(DType.I8, rows, (columns + 7) / 8);
        var values = new float[columns];
        for (var row = 0; row < rows; row++)
        {
            read(row, values);
            var line = bits.RowSpan(row, 1);
            for (var column = 0; column < columns; column++)
                if (values[column] > 0)
                    line[column / 8] |= (byte)(1 << column % 8);
        }
        return bits;
    }

    public override void Read(int row, Span<float> values)
    {
        var line = bits.RowSpan(row, 1);
        for (var column = 0; column < values.Length; column++)
            values[column] = (line[column / 8] >> column % 8 & 1) != 0 ? 1 : -1;
    }
}
