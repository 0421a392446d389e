using System.Buffers.Binary;
using Brickwork.Kernels.QuantizedMatMul;

namespace Brickwork.Kernels.Tests.QuantizedMatMul;

public sealed class ActivationBlocksTests
{
    static readonly float[] Oddities = [float.NaN, float.PositiveInfinity, float.NegativeInfinity, 0, -0f, float.Epsilon];

    [Fact]
    public void Every_path_writes_the_bytes_of_the_reference()
    {
        var random = new Random(1);
        for (var round = 0; round < 500; round++)
        {
            var size = MathF.Pow(10, random.Next(-36, 36));
            float[] values = [.. Enumerable.Range(0, 96).Select(_ => (random.NextSingle() - 0.5f) * size)];
            if (round % 5 == 0)
                values[random.Next(96)] = Oddities[round / 5 % Oddities.Length];
            Quantize(InstructionSet.Vector, values).ShouldBe(Quantize(InstructionSet.Reference, values));
        }
    }

    [Fact]
    public void A_value_is_off_by_at_most_half_a_step()
    {
        var random = new Random(2);
        float[] values = [.. Enumerable.Range(0, 64).Select(_ => random.NextSingle() * 6 - 3)];
        var blocks = Quantize(InstructionSets.Default, values);
        for (var index = 0; index < values.Length; index++)
        {
            var block = blocks.AsSpan(index / 32 * ActivationBlocks.BlockBytes, ActivationBlocks.BlockBytes);
            var scale = BinaryPrimitives.ReadSingleLittleEndian(block[ActivationBlocks.Scale..]);
            ((sbyte)block[index % 32] * scale).ShouldBe(values[index], scale * 0.5001f);
        }
    }

    [Fact]
    public void The_sums_are_those_of_the_two_halves()
    {
        var random = new Random(3);
        var blocks = Quantize(InstructionSets.Default, [.. Enumerable.Range(0, 32).Select(_ => random.NextSingle())]);
        int Sum(int first) => Enumerable.Range(first, 16).Sum(index => (sbyte)blocks[index]);
        ((int)BinaryPrimitives.ReadInt16LittleEndian(blocks.AsSpan(ActivationBlocks.Sums))).ShouldBe(Sum(0));
        ((int)BinaryPrimitives.ReadInt16LittleEndian(blocks.AsSpan(ActivationBlocks.Sums + 2))).ShouldBe(Sum(16));
    }

    [Theory]
    [InlineData(float.NaN), InlineData(float.PositiveInfinity), InlineData(float.NegativeInfinity)]
    public void A_block_with_a_value_that_is_no_number_is_no_number(float value)
    {
        var values = new float[32];
        values[7] = value;
        var scale = Quantize(InstructionSets.Default, values).AsSpan(ActivationBlocks.Scale);
        BinaryPrimitives.ReadSingleLittleEndian(scale).ShouldBe(float.NaN);
    }

    static byte[] Quantize(InstructionSet path, float[] values)
    {
        var blocks = new byte[ActivationBlocks.RowBytes(values.Length)];
        ActivationBlocks.Quantize(path, values, blocks);
        return blocks;
    }
}
