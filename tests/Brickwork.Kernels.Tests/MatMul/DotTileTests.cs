using System.Runtime.InteropServices;
using Brickwork.Kernels.MatMul;

namespace Brickwork.Kernels.Tests.MatMul;

public sealed class DotTileTests
{
    public static TheoryData<InstructionSet> Paths => [.. InstructionSets.Supported];

    [Theory, MemberData(nameof(Paths))]
    public void Every_path_gives_the_bits_of_the_reference(InstructionSet path)
    {
        var random = new Random(1);
        foreach (var columns in (int[])[16, 48, 256])
            foreach (var rows in Enumerable.Range(0, 10))
                foreach (var tokens in Enumerable.Range(0, 14))
                {
                    var weights = Values(random, rows * (columns + 3));
                    var inputs = Values(random, tokens * (columns + 5));
                    var expected = Values(random, rows * tokens * DotTile.Lanes);
                    var found = expected.ToArray();
                    DotTile.Accumulate(InstructionSet.Reference, new(weights, rows, columns + 3), new(inputs, tokens, columns + 5), columns,
                        expected);
                    DotTile.Accumulate(path, new(weights, rows, columns + 3), new(inputs, tokens, columns + 5), columns, found);
                    Bits(found).ShouldBe(Bits(expected), $"{rows} rows, {tokens} tokens, {columns} columns");

                    var expectedSums = new float[rows * tokens];
                    var sums = new float[rows * tokens];
                    DotTile.Reduce(InstructionSet.Reference, expected, expectedSums);
                    DotTile.Reduce(path, found, sums);
                    Bits(sums).ShouldBe(Bits(expectedSums));
                }
    }

    [Fact]
    public void The_reference_is_the_dot_product()
    {
        float[] weights = [.. Enumerable.Range(0, 32).Select(index => (float)index)];
        float[] inputs = [.. Enumerable.Range(0, 32).Select(index => index % 3 - 1f)];
        var lanes = new float[DotTile.Lanes];
        var sum = new float[1];
        DotTile.Accumulate(InstructionSet.Reference, new(weights, 1, 32), new(inputs, 1, 32), 32, lanes);
        DotTile.Reduce(InstructionSet.Reference, lanes, sum);
        sum[0].ShouldBe(weights.Zip(inputs, (weight, input) => weight * input).Sum());
    }

    [Fact]
    public void Memory_that_is_too_small_is_refused()
    {
        var memory = new float[64];
        Should.Throw<ArgumentOutOfRangeException>(() =>
            DotTile.Accumulate(InstructionSets.Default, new(memory, 2, 64), new(memory, 1, 64), 64, memory));
        Should.Throw<ArgumentOutOfRangeException>(() =>
            DotTile.Accumulate(InstructionSets.Default, new(memory, 1, 64), new(memory, 1, 64), 60, memory));
        Should.Throw<ArgumentOutOfRangeException>(() =>
            DotTile.Accumulate(InstructionSets.Default, new(memory, 2, 32), new(memory, 4, 16), 16, memory));
    }

    static float[] Values(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() * 4 - 2)];

    static int[] Bits(float[] values) => MemoryMarshal.Cast<float, int>(values).ToArray();
}
