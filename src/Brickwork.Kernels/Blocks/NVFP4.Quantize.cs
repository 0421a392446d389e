namespace Brickwork.Kernels.Blocks;

readonly partial struct NVFP4
{
    public static void Quantize(ReadOnlySpan<float> values, ReadOnlySpan<float> importance, Span<byte> block)
    {
        for (var group = 0; group < 4; group++)
        {
            var own = values.Slice(16 * group, 16);
            block[group] = ToScale(MathF.Abs(ScaleFit.Extreme(own)) / 6);
            MXFP4.StoreNearest(own, HalfScale(block[group]), block[(Quants + 8 * group)..]);
        }
    }

    /// <summary>The nearest unsigned E4M3 float, up to its largest, 448.</summary>
    static byte ToScale(float value)
    {
        const float SmallestNormal = 1f / 64;
        if (value < SmallestNormal)
            return (byte)MathF.Round(value * 512);
        var bits = BitConverter.SingleToInt32Bits(MathF.Min(value, 448));
        return (byte)((bits + 0x7FFFF + (bits >> 20 & 1) >> 20) - (120 << 3));
    }
}
