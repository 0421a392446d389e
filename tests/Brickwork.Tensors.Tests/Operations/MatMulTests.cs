using System.Runtime.InteropServices;
using Brickwork.Kernels.Blocks;
using Brickwork.Tensors.Operations;

namespace Brickwork.Tensors.Tests.Operations;

public sealed class MatMulTests
{
    public static TheoryData<InstructionSet> Paths => [.. InstructionSets.Supported];

    [Theory, MemberData(nameof(Paths))]
    public void A_product_is_the_sum_over_columns_for_every_length(InstructionSet path)
    {
        using var compute = new Compute(2, path);
        for (var columns = 1; columns <= 256; columns += columns < 70 ? 1 : 13)
            foreach (var (rows, tokens) in ((int, int)[])[(1, 1), (17, 1), (5, 3), (33, 7)])
                foreach (var type in (DType[])[DType.F32, DType.F16, DType.BF16])
                {
                    var weight = WeightSamples.Plain(type, rows, columns, seed: columns);
                    var x = WeightSamples.Inputs(tokens, columns, seed: rows);
                    ShouldBeProduct(Product(compute, x, weight), x, weight);
                }
    }

    [Theory, MemberData(nameof(Paths))]
    public void A_long_row_of_any_block_type_gives_the_sum_over_columns(InstructionSet path)
    {
        using var compute = new Compute(2, path);
        foreach (var type in WeightSamples.BlockTypes)
        {
            var weight = WeightSamples.Blocks(type, 19, 2304, seed: 3);
            var x = WeightSamples.Inputs(3, 2304, seed: 4);
            ShouldBeProduct(Product(compute, x, weight), x, weight);
        }
    }

    [Theory, MemberData(nameof(Paths))]
    public void Every_path_gives_the_bits_of_the_reference(InstructionSet path)
    {
        using var reference = new Compute(1, InstructionSet.Reference);
        using var compute = new Compute(2, path);
        foreach (var columns in (int[])[7, 64, 1100])
        {
            var weight = WeightSamples.Plain(DType.F16, 37, columns, seed: 5);
            var x = WeightSamples.Inputs(13, columns, seed: 6);
            Bits(Product(compute, x, weight)).ShouldBe(Bits(Product(reference, x, weight)));
        }
    }

    [Theory, MemberData(nameof(Paths))]
    public void The_bits_of_a_row_do_not_depend_on_the_batch_around_it_or_on_the_threads(InstructionSet path)
    {
        var weight = WeightSamples.Plain(DType.BF16, 70, 1048, seed: 7);
        var x = WeightSamples.Inputs(33, 1048, seed: 8);
        using var single = new Compute(1, path);
        var alone = new int[33][];
        for (var token = 0; token < 33; token++)
            alone[token] = Bits(Product(single, x.SliceRows(token, 1), weight));

        foreach (var threads in (int[])[1, 2, 3, 5])
        {
            using var compute = new Compute(threads, path);
            foreach (var (first, count) in ((int, int)[])[(0, 33), (5, 1), (1, 2), (30, 3), (3, 5), (0, 6), (7, 8), (2, 13)])
            {
                var batch = Product(compute, x.SliceRows(first, count), weight);
                for (var token = 0; token < count; token++)
                    Bits(batch.SliceRows(token, 1)).ShouldBe(alone[first + token]);
            }
        }
    }

    [Theory, MemberData(nameof(Paths))]
    public void Every_half_counts_the_same_in_decode_and_in_prefill(InstructionSet path)
    {
        // One half in each row, beside zeros: the product with ones is that half.
        var weight = Tensor.Zeros(DType.F16, 65536, 32);
        for (var row = 0; row < 65536; row++)
            MemoryMarshal.Cast<byte, ushort>(weight.RowSpan(row, 1))[row % 32] = (ushort)row;
        var ones = Tensor.Zeros(7, 32);
        ones.Floats.Fill(1);
        using var compute = new Compute(1, path);
        var prefill = Product(compute, ones, weight);
        foreach (var tokens in (int[])[1, 2, 3])
        {
            var decode = Product(compute, ones.SliceRows(0, tokens), weight);
            for (var row = 0; row < 65536; row++)
            {
                var expected = (float)BitConverter.UInt16BitsToHalf((ushort)row);
                (decode.Row(tokens - 1)[row], prefill.Row(0)[row]).ShouldBe((expected, expected));
            }
        }
    }

    [Fact]
    public void A_batch_beyond_one_pass_gives_the_same_bits_as_its_rows()
    {
        var weight = WeightSamples.Plain(DType.F32, 20, 40, seed: 9);
        var x = WeightSamples.Inputs(500, 40, seed: 10);
        using var compute = new Compute(2);
        var batch = Product(compute, x, weight);
        foreach (var token in (int[])[0, 191, 192, 499])
            batch.Row(token).ToArray().ShouldBe(Product(compute, x.SliceRows(token, 1), weight).Row(0).ToArray());
    }

    [Fact]
    public void An_expert_of_a_stack_is_a_matrix()
    {
        var stack = WeightSamples.Plain(DType.F16, 4 * 6, 32, seed: 11).Reshape(4, 6, 32);
        var x = WeightSamples.Inputs(2, 32, seed: 12);
        using var compute = new Compute(1);
        var expert = stack.Reshape(24, 32).SliceRows(12, 6);
        ShouldBeProduct(Product(compute, x, expert), x, expert);
    }

    [Fact]
    public void Infinite_and_undefined_inputs_give_undefined_outputs_and_no_exception()
    {
        var weight = WeightSamples.Plain(DType.F32, 9, 50, seed: 13);
        var x = WeightSamples.Inputs(3, 50, seed: 14);
        x.Row(0)[49] = float.NaN;
        x.Row(1)[3] = float.PositiveInfinity;
        using var compute = new Compute(1);
        var y = Product(compute, x, weight);
        y.Row(0).ToArray().ShouldAllBe(value => float.IsNaN(value));
        y.Row(1).ToArray().ShouldAllBe(value => !float.IsFinite(value));
        y.Row(2).ToArray().ShouldAllBe(value => float.IsFinite(value));
    }

    [Fact]
    public void Shapes_that_do_not_fit_are_refused()
    {
        using var compute = new Compute(1);
        Should.Throw<ArgumentException>(() => MatMul.Run(compute, Tensor.Zeros(2, 8), Tensor.Zeros(3, 9), Tensor.Zeros(2, 3)));
        Should.Throw<ArgumentException>(() => MatMul.Run(compute, Tensor.Zeros(2, 8), Tensor.Zeros(3, 8), Tensor.Zeros(2, 4)));
        Should.Throw<ArgumentException>(() => MatMul.Run(compute, Tensor.Zeros(2, 8), Tensor.Zeros(3, 8), Tensor.Zeros(1, 3)));
        Should.Throw<ArgumentException>(() => MatMul.Run(compute, Tensor.Zeros(DType.F16, 2, 8), Tensor.Zeros(3, 8), Tensor.Zeros(2, 3)));
    }

    static Tensor Product(Compute compute, Tensor x, Tensor weight)
    {
        var y = Tensor.Zeros(x.Rows, weight.Rows);
        MatMul.Run(compute, x, weight, y);
        return y;
    }

    static void ShouldBeProduct(Tensor y, Tensor x, Tensor weight)
    {
        var weights = new float[weight.Columns];
        for (var row = 0; row < weight.Rows; row++)
        {
            Dequantizer.Run(weight.Type, weight.RowSpan(row, 1), weights);
            for (var token = 0; token < x.Rows; token++)
            {
                double sum = 0, magnitude = 0;
                var inputs = x.Row(token);
                for (var column = 0; column < weights.Length; column++)
                {
                    sum += (double)weights[column] * inputs[column];
                    magnitude += Math.Abs((double)weights[column] * inputs[column]);
                }
                // Each of the additions on the longest chain rounds a partial sum that is at most the sum of magnitudes.
                var chain = weights.Length / 16 + 5;
                ((double)y.Row(token)[row]).ShouldBe(sum, magnitude * chain * Math.Pow(2, -24) + 1e-38,
                    $"{weight} row {row} token {token}");
            }
        }
    }

    static int[] Bits(Tensor tensor) => MemoryMarshal.Cast<float, int>(tensor.Floats).ToArray();
}
