namespace Brickwork.Kernels.Blocks;

/// <summary>32 values: half scale and signed bytes.</summary>
/// <remarks>Bytes: scale 2, quants 32.</remarks>
readonly partial struct Q8_0 : IVectorFormat, IWritableFormat
{
    const int Quants = 2;

    public static DType Type => DType.Q8_0;

    public static void Dequantize(ReadOnlySpan<byte> block, Span<float> values)
    {
        var scale = HalfConversion.Read(block, 0);
        for (var i = 0; i < 32; i++)
            values[i] = (sbyte)block[Quants + i] * scale;
    }
}
