namespace Brickwork.Kernels.Blocks;

/// <summary>256 values in 16 groups of 16: value = d * scale * quant - m * minimum, with 4-bit scales and minima, 2-bit quants.</summary>
/// <remarks>Bytes: scale (low half) and minimum (high half) of each group 16, quants 64, d 2, m 2.
/// Byte i of a half's 32 quant bytes holds values i, i+32, i+64, i+96 of these 128, lowest bits first.</remarks>
readonly partial struct Q2_K : IVectorFormat, IWritableFormat
{
    const int Quants = 16;
    const int Scale = 80;
    const int Minimum = 82;

    public static DType Type => DType.Q2_K;

    public static void Dequantize(ReadOnlySpan<byte> block, Span<float> values)
    {
        var d = HalfConversion.Read(block, Scale);
        var m = HalfConversion.Read(block, Minimum);
        for (var group = 0; group < 16; group++)
        {
            var scale = d * (block[group] & 15);
            var minimum = m * (block[group] >> 4);
            var (quants, shift) = Place(group);
            for (var i = 0; i < 16; i++)
                values[16 * group + i] = scale * (block[quants + i] >> shift & 3) - minimum;
        }
    }

    /// <summary>Where the quants of a group of 16 lie: first byte and bit.</summary>
    static (int Byte, int Shift) Place(int group) => (Quants + 32 * (group / 8) + 16 * (group % 2), 2 * (group % 8 / 2));
}
