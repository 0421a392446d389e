namespace Brickwork.Kernels.Blocks;

readonly partial struct TQ1_0
{
    // For weights that are ternary already, up to a factor: importance would not change them.
    public static void Quantize(ReadOnlySpan<float> values, ReadOnlySpan<float> importance, Span<byte> block)
    {
        Span<byte> quants = stackalloc byte[256];
        TQ2_0.ToTernary(values, block[Scale..], quants);
        for (var runs = Runs; !runs.IsEmpty; runs = runs[4..])
            for (var i = 0; i < runs[1]; i++)
            {
                var number = 0; // five digits to base 3, the missing fifth is 0
                for (var n = 0; n < 5; n++)
                    number = number * 3 + (n < runs[2] ? quants[runs[3] + n * runs[1] + i] : 0);
                block[runs[0] + i] = (byte)((number * 256 + 242) / 243);
            }
    }
}
