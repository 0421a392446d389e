namespace Brickwork.Kernels.Blocks;

readonly partial struct MXFP4
{
    // The scale is a power of two, so importance has next to nothing to choose.
    public static void Quantize(ReadOnlySpan<float> values, ReadOnlySpan<float> importance, Span<byte> block)
    {
        // The largest 4-bit float, 6, is below two to the third: the scale is the largest value's power of two, less two.
        var largest = BitConverter.SingleToInt32Bits(MathF.Abs(ScaleFit.Extreme(values)));
        block[0] = (byte)Math.Max(0, (largest >> 23) - 2);
        StoreNearest(values, HalfPower(block[0]), block[Quants..]);
    }

    /// <summary>Writes the numbers of the nearest 4-bit floats, half bytes low then high; all zero for a scale of zero.</summary>
    /// <remarks>Ties go to the smaller magnitude.</remarks>
    public static void StoreNearest(ReadOnlySpan<float> values, float halfScale, Span<byte> target)
    {
        var half = values.Length / 2;
        if (halfScale == 0)
        {
            target[..half].Clear();
            return;
        }
        for (var i = 0; i < half; i++)
            target[i] = (byte)(Number(values[i], halfScale) | Number(values[i + half], halfScale) << 4);
    }

    static int Number(float value, float halfScale)
    {
        var magnitude = MathF.Abs(value);
        var number = 0;
        // Twice the middle between each pair of neighbour levels.
        foreach (var middle in (ReadOnlySpan<byte>)[1, 3, 5, 7, 10, 14, 20])
            number += 2 * magnitude > middle * halfScale ? 1 : 0;
        return number == 0 || value > 0 ? number : number + 8;
    }
}
