namespace Brickwork.Kernels.Blocks;

readonly partial struct IQ4_XS
{
    public static void Quantize(ReadOnlySpan<float> values, ReadOnlySpan<float> importance, Span<byte> block)
    {
        Span<float> fitted = stackalloc float[8];
        Span<float> groupWeights = stackalloc float[8];
        Span<byte> numbers = stackalloc byte[32];
        for (var group = 0; group < 8; group++)
        {
            var weights = GroupWeights.Of(importance, 32 * group, 32);
            (fitted[group], groupWeights[group]) = LevelFit.Run(values.Slice(32 * group, 32), weights);
        }
        block.Clear();
        var d = HalfConversion.Write(block, 0, ScaleFit.Run(fitted, groupWeights, -32, 31).Scale);
        for (var group = 0; group < 8; group++)
        {
            var code = SuperBlock.NearestCode(fitted[group], d, -32, 31);
            SetGroupScale(block, group, code + 32);
            LevelFit.Round(values.Slice(32 * group, 32), d * code, numbers);
            Rounding.StoreHalfBytes(numbers, block[(Quants + 16 * group)..]);
        }
    }

    static void SetGroupScale(Span<byte> block, int group, int sixBits)
    {
        block[LowScales + group / 2] |= (byte)((sixBits & 15) << 4 * (group % 2));
        block[UpperScales + group / 4] |= (byte)(sixBits >> 4 << 2 * (group % 4));
    }
}
