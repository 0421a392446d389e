namespace Brickwork.Kernels.Blocks;

/// <summary>256 values -1, 0 or 1 times a half scale, four to a byte.</summary>
/// <remarks>Bytes: values 64 (byte i of each 32 holds values i, i+32, i+64, i+96 of 128, lowest bits first), d 2.</remarks>
readonly partial struct TQ2_0 : IVectorFormat, IWritableFormat
{
    const int Scale = 64;

    public static DType Type => DType.TQ2_0;

    public static void Dequantize(ReadOnlySpan<byte> block, Span<float> values)
    {
        var d = HalfConversion.Read(block, Scale);
        for (var i = 0; i < 256; i++)
            values[i] = ((block[32 * (i / 128) + i % 32] >> 2 * (i / 32 % 4) & 3) - 1) * d;
    }
}
