using System.Runtime.InteropServices;
using Brickwork.Tensors.Operations;

namespace Brickwork.Tensors.Tests.Operations;

/// <summary>Many tokens take another road through the exact product; it must lead to the same bits.</summary>
public sealed class ManyTokenTests
{
    public static TheoryData<InstructionSet> Paths => [.. InstructionSets.Supported.Where(path => path != InstructionSet.Reference)];

    [Theory, MemberData(nameof(Paths))]
    public void Every_number_of_rows_gives_the_bits_of_the_reference(InstructionSet path)
    {
        var weight = WeightSamples.Plain(DType.F16, 130, 37, seed: 1);
        var x = WeightSamples.Inputs(13, 37, seed: 2);
        foreach (var rows in Enumerable.Range(1, 70).Append(127).Append(128).Append(130))
            ShouldBeTheBitsOfTheReference(path, x, weight.SliceRows(0, rows));
    }

    [Theory, MemberData(nameof(Paths))]
    public void Every_number_of_tokens_gives_the_bits_of_the_reference(InstructionSet path)
    {
        var weight = WeightSamples.Plain(DType.BF16, 66, 48, seed: 3);
        var x = WeightSamples.Inputs(600, 48, seed: 4);
        foreach (var tokens in (int[])[6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 95, 96, 97, 100, 192, 193, 264, 265, 600])
            ShouldBeTheBitsOfTheReference(path, x.SliceRows(0, tokens), weight);
    }

    [Theory, MemberData(nameof(Paths))]
    public void Every_number_of_columns_gives_the_bits_of_the_reference(InstructionSet path)
    {
        foreach (var type in (DType[])[DType.F32, DType.F16, DType.BF16, DType.F64])
            foreach (var columns in (int[])[1, 2, 15, 16, 17, 31, 32, 33, 50, 255, 256, 257, 513, 2047, 2048, 2049, 4097, 5632])
            {
                var weight = type == DType.F64 ? Doubles(64, columns) : WeightSamples.Plain(type, 64, columns, seed: columns);
                ShouldBeTheBitsOfTheReference(path, WeightSamples.Inputs(13, columns, seed: 5), weight);
            }
    }

    [Theory, MemberData(nameof(Paths))]
    public void Every_block_type_gives_the_bits_of_the_reference(InstructionSet path)
    {
        foreach (var type in WeightSamples.BlockTypes)
            foreach (var blocks in (int[])[1, 3])
            {
                var columns = blocks * type.BlockLength();
                var weight = WeightSamples.Blocks(type, 65, columns, seed: 6);
                ShouldBeTheBitsOfTheReference(path, WeightSamples.Inputs(8, columns, seed: 7), weight);
            }
    }

    [Theory, MemberData(nameof(Paths))]
    public void Zeros_keep_their_sign_as_in_the_reference(InstructionSet path)
    {
        // All products are negative zeros: a sum that starts at zero is positive, one that starts with a product is not.
        foreach (var columns in (int[])[16, 20])
        {
            var weight = Tensor.Zeros(64, columns);
            var x = Tensor.Zeros(6, columns);
            x.Floats.Fill(-1);
            ShouldBeTheBitsOfTheReference(path, x, weight);
        }
    }

    [Theory, MemberData(nameof(Paths))]
    public void What_is_not_finite_stays_with_its_token(InstructionSet path)
    {
        var weight = WeightSamples.Plain(DType.F32, 64, 50, seed: 8);
        var x = WeightSamples.Inputs(8, 50, seed: 9);
        x.Row(3)[49] = float.NaN;
        x.Row(6)[3] = float.PositiveInfinity;
        using var compute = new Compute(2, path);
        var y = Tensor.Zeros(8, 64);
        MatMul.Run(compute, x, weight, y);
        for (var token = 0; token < 8; token++)
            y.Row(token).ToArray().ShouldAllBe(value => float.IsFinite(value) == (token != 3 && token != 6));
    }

    static void ShouldBeTheBitsOfTheReference(InstructionSet path, Tensor x, Tensor weight)
    {
        using var reference = new Compute(1, InstructionSet.Reference);
        using var compute = new Compute(2, path);
        Bits(Product(compute, x, weight)).SequenceEqual(Bits(Product(reference, x, weight))).ShouldBeTrue($"{x} · {weight}");
    }

    static int[] Bits(Tensor tensor) => MemoryMarshal.Cast<float, int>(tensor.Floats).ToArray();

    static Tensor Product(Compute compute, Tensor x, Tensor weight)
    {
        // A result that is never written must not look like one.
        var y = Tensor.Zeros(x.Rows, weight.Rows);
        y.Floats.Fill(float.NaN);
        MatMul.Run(compute, x, weight, y);
        return y;
    }

    static Tensor Doubles(int rows, int columns)
    {
        var random = new Random(columns);
        var tensor = Tensor.Zeros(DType.F64, rows, columns);
        for (var row = 0; row < rows; row++)
            foreach (ref var value in MemoryMarshal.Cast<byte, double>(tensor.RowSpan(row, 1)))
                value = random.NextDouble() * 2 - 1;
        return tensor;
    }
}
