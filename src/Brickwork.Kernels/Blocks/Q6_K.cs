namespace Brickwork.Kernels.Blocks;

/// <summary>256 values in 16 groups of 16: value = d * scale * (quant - 32), with signed byte scales and 6-bit quants.</summary>
/// <remarks>Bytes: low four bits 128, upper two bits 64, scales 16, d 2. Of each 128 values, value 32q+i has its low bits in byte
/// i + 32(q%2), half q/2, of 64 bytes and its upper bits in bits 2q of byte i of 32 bytes.</remarks>
readonly partial struct Q6_K : IVectorFormat, IWritableFormat
{
    const int UpperBits = 128;
    const int Scales = 192;
    const int Scale = 208;

    public static DType Type => DType.Q6_K;

    public static void Dequantize(ReadOnlySpan<byte> block, Span<float> values)
    {
        var d = HalfConversion.Read(block, Scale);
        for (var index = 0; index < 256; index++)
        {
            var scale = d * (sbyte)block[Scales + index / 16];
            var (half, quarter, i) = (index / 128, index / 32 % 4, index % 32);
            var low = block[64 * half + 32 * (quarter % 2) + i] >> 4 * (quarter / 2) & 15;
            var upper = block[UpperBits + 32 * half + i] >> 2 * quarter & 3;
            values[index] = scale * ((low | upper << 4) - 32);
        }
    }
}
