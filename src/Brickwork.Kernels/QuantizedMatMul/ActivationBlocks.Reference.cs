namespace Brickwork.Kernels.QuantizedMatMul;

static partial class ActivationBlocks
{
    static void QuantizeReference(ReadOnlySpan<float> values, Span<byte> blocks)
    {
        for (; !values.IsEmpty; values = values[BlockLength..], blocks = blocks[BlockBytes..])
            QuantizeBlockReference(values[..BlockLength], blocks[..BlockBytes]);
    }

    static void QuantizeBlockReference(ReadOnlySpan<float> values, Span<byte> block)
    {
        var largest = 0f;
        foreach (var value in values)
            // As bits, an undefined value is larger than any other.
            if (BitConverter.SingleToInt32Bits(MathF.Abs(value)) > BitConverter.SingleToInt32Bits(largest))
                largest = MathF.Abs(value);

        var inverse = WriteScale(largest, block);
        Span<int> sums = [0, 0];
        for (var index = 0; index < BlockLength; index++)
        {
            var quant = inverse == 0 ? 0 : (int)MathF.Round(values[index] * inverse);
            block[index] = (byte)quant;
            sums[index / 16] += quant;
        }
        WriteSums(sums[0], sums[1], block);
    }
}
