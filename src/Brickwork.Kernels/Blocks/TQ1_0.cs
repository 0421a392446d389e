namespace Brickwork.Kernels.Blocks;

/// <summary>256 values -1, 0 or 1 times a half scale, five to a byte.</summary>
/// <remarks>Bytes: 32 + 16 with five values each, 4 with four, d 2. A byte is a fraction of 256: multiplied by 3 it gives the next value
/// above 255 and the rest below. Value n of byte i of a run of r bytes is number n*r + i of that run.</remarks>
readonly partial struct TQ1_0 : IWritableFormat
{
    const int Scale = 52;

    public static DType Type => DType.TQ1_0;

    // First byte, number of bytes, values in each byte, first value.
    static ReadOnlySpan<byte> Runs => [0, 32, 5, 0, 32, 16, 5, 160, 48, 4, 4, 240];

    public static void Dequantize(ReadOnlySpan<byte> block, Span<float> values)
    {
        var d = HalfConversion.Read(block, Scale);
        for (var runs = Runs; !runs.IsEmpty; runs = runs[4..])
            for (var i = 0; i < runs[1]; i++)
            {
                var fraction = block[runs[0] + i];
                for (var n = 0; n < runs[2]; n++)
                {
                    values[runs[3] + n * runs[1] + i] = ((fraction * 3 >> 8) - 1) * d;
                    fraction *= 3;
                }
            }
    }
}
