namespace Brickwork.Kernels.Blocks;

/// <summary>32 values: half scale and 4-bit numbers of sixteen uneven levels.</summary>
/// <remarks>Bytes: scale 2, numbers 16 (value i in the low, value i+16 in the high half of byte i).</remarks>
readonly partial struct IQ4_NL : IVectorFormat, IWritableFormat
{
    const int Quants = 2;

    public static DType Type => DType.IQ4_NL;

    /// <summary>The levels, which IQ4_XS shares: denser near zero, where most weights are.</summary>
    public static ReadOnlySpan<sbyte> Levels => [-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113];

    public static void Dequantize(ReadOnlySpan<byte> block, Span<float> values) =>
        ReadLevels(block[Quants..], HalfConversion.Read(block, 0), values);

    /// <summary>32 values from sixteen bytes of level numbers.</summary>
    public static void ReadLevels(ReadOnlySpan<byte> numbers, float scale, Span<float> values)
    {
        for (var i = 0; i < 16; i++)
        {
            values[i] = scale * Levels[numbers[i] & 15];
            values[i + 16] = scale * Levels[numbers[i] >> 4];
        }
    }
}
