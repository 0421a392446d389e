namespace Brickwork.Tensors.Weights;

/// <summary>A matrix in 4-bit NormalFloat with double quantization: 4.13 bits a value (Dettmers et al. 2023, section 3).</summary>
/// <remarks>64 values of a row share a scale, their largest absolute value. Scales are stored as 8 bits beside their mean, 256 of them sharing a factor.</remarks>
sealed class Nf4Matrix : CodedMatrix
{
    const int BlockLength = 64, ScalesPerGroup = 256, MostLevel = 127;

    // The quantiles of a normal distribution, scaled to -1 … 1, with an exact zero (appendix E).
    static readonly float[] Levels =
    [
        -1.0f, -0.6961928009986877f, -0.5250730514526367f, -0.39491748809814453f, -0.28444138169288635f, -0.18477343022823334f, -0.09105003625154495f, 0.0f,
        0.07958029955625534f, 0.16093020141124725f, 0.24611230194568634f, 0.33791524171829224f, 0.44070982933044434f, 0.5626170039176941f, 0.7229568362236023f, 1.0f,
    ];

    readonly byte[] _codes;
    readonly sbyte[] _scales;
    readonly float[] _groups;
    readonly int _blocksPerRow;
    readonly float _mean;

    /// <param name="rows">R.</param>
    /// <param name="columns">K.</param>
    /// <param name="read">Writes a row as F32; it is called twice for each.</param>
    public Nf4Matrix(int rows, int columns, Action<int, float[]> read) : base(rows, columns)
    {
        _blocksPerRow = (columns + BlockLength - 1) / BlockLength;
        _codes = new byte[(long)rows * ((columns + 1) / 2)];
        var largest = Largest(rows, columns, read);
        (_scales, _groups, _mean) = Narrow(largest);
        var values = new float[columns];
        for (var row = 0; row < rows; row++)
        {
            read(row, values);
            for (var column = 0; column < columns; column++)
                _codes[CodeAt(row, column)] |= (byte)(Nearest(values[column], ScaleAt(row, column)) << (column % 2 * 4));
        }
    }

    public override long Bytes => _codes.Length + _scales.Length + sizeof(float) * (_groups.Length + 1L);

    public override void Read(int row, Span<float> values)
    {
        for (var first = 0; first < values.Length; first += BlockLength)
        {
            var scale = ScaleAt(row, first);
            for (var column = first; column < Math.Min(values.Length, first + BlockLength); column++)
                values[column] = scale * Levels[_codes[CodeAt(row, column)] >> (column % 2 * 4) & 15];
        }
    }

    long CodeAt(int row, int column) => (long)row * ((Columns + 1) / 2) + column / 2;

    float ScaleAt(int row, int column)
    {
        var block = row * _blocksPerRow + column / BlockLength;
        return _mean + _scales[block] * _groups[block / ScalesPerGroup];
    }

    float[] Largest(int rows, int columns, Action<int, float[]> read)
    {
        var (largest, values) = (new float[rows * _blocksPerRow], new float[columns]);
        for (var row = 0; row < rows; row++)
        {
            read(row, values);
            for (var column = 0; column < columns; column++)
            {
                ref var scale = ref largest[row * _blocksPerRow + column / BlockLength];
                scale = Math.Max(scale, Math.Abs(values[column]));
            }
        }
        return largest;
    }

    static (sbyte[] Scales, float[] Groups, float Mean) Narrow(float[] scales)
    {
        var mean = (float)(scales.Length == 0 ? 0 : scales.Average(scale => (double)scale));
        var groups = scales.Chunk(ScalesPerGroup).Select(group => group.Max(scale => Math.Abs(scale - mean)) / MostLevel).ToArray();
        return ([.. scales.Select((scale, index) => groups[index / ScalesPerGroup] is var step && step > 0 ? (sbyte)MathF.Round((scale - mean) / step) : (sbyte)0)], groups, mean);
    }

    static int Nearest(float value, float scale)
    {
        var share = scale > 0 ? value / scale : 0;
        var code = Array.BinarySearch(Levels, share);
        if (code >= 0)
            return code;
        var above = Math.Min(~code, Levels.Length - 1);
        return above > 0 && share - Levels[above - 1] <= Levels[above] - share ? above - 1 : above;
    }
}
