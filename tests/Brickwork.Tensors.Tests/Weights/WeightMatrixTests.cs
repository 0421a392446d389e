using System.Runtime.InteropServices;
using Brickwork.Tensors.Operations;
using Brickwork.Tensors.Storage;
using Brickwork.Tensors.Tests.Operations;
using Brickwork.Tensors.Weights;

namespace Brickwork.Tensors.Tests.Weights;

public sealed class WeightMatrixTests
{
    public static TheoryData<DType> Types => [DType.F32, DType.F16, DType.BF16, .. WeightSamples.BlockTypes];

    [Theory, MemberData(nameof(Types))]
    public void The_bits_of_a_row_do_not_depend_on_the_batch_around_it_or_on_the_threads(DType type)
    {
        var weight = Weight(type, 70, 1280);
        var x = WeightSamples.Inputs(33, 1280, seed: 8);
        foreach (var path in InstructionSets.Supported.Where(path => path > InstructionSet.Reference))
        {
            using var single = new Compute(1, path);
            var alone = new int[33][];
            for (var token = 0; token < 33; token++)
                alone[token] = Bits(Product(single, x.SliceRows(token, 1), weight).Row(0));
            foreach (var threads in (int[])[1, 2, 3, 5])
            {
                using var compute = new Compute(threads, path);
                foreach (var (first, count) in ((int, int)[])[(0, 33), (5, 1), (1, 2), (30, 3), (3, 5), (2, 13)])
                {
                    var batch = Product(compute, x.SliceRows(first, count), weight);
                    for (var token = 0; token < count; token++)
                        Bits(batch.Row(token)).ShouldBe(alone[first + token], $"{type} {path}, token {token} of {count} from {first}");
                }
            }
        }
    }

    [Theory, MemberData(nameof(Types))]
    public void The_fast_product_is_near_the_exact_one(DType type)
    {
        var weight = Weight(type, 45, 512);
        var x = WeightSamples.Inputs(5, 512, seed: 9);
        using var fast = new Compute(2, precision: Precision.Fast);
        using var exact = new Compute(2, precision: Precision.Exact);
        var found = Product(fast, x, weight);
        var expected = Product(exact, x, weight);
        var values = new float[512];
        for (var row = 0; row < 45; row++)
        {
            Kernels.Blocks.Dequantizer.Run(type, weight.Stored.RowSpan(row, 1), values);
            // An input is off by at most half a step, 1/254 of the largest of its block, here at most 1.
            var bound = values.Sum(value => Math.Abs((double)value)) / 254 * 1.01;
            for (var token = 0; token < 5; token++)
                ((double)found.Row(token)[row]).ShouldBe(expected.Row(token)[row], bound, $"{type} row {row}");
        }
    }

    [Theory, MemberData(nameof(Types))]
    public void The_exact_precision_is_the_exact_product(DType type)
    {
        var weight = Weight(type, 9, 256);
        var x = WeightSamples.Inputs(2, 256, seed: 10);
        using var compute = new Compute(1, precision: Precision.Exact);
        var expected = Tensor.Zeros(2, 9);
        MatMul.Run(compute, x, weight.Stored, expected);
        Bits(Product(compute, x, weight).Floats).ShouldBe(Bits(expected.Floats));
    }

    [Fact]
    public void Weights_laid_out_ahead_give_the_same_bits()
    {
        var x = WeightSamples.Inputs(3, 256, seed: 11);
        var ahead = Weight(DType.Q4_0, 40, 256);
        using var compute = new Compute(2);
        ahead.Prepare(compute);
        Bits(Product(compute, x, ahead).Floats).ShouldBe(Bits(Product(compute, x, Weight(DType.Q4_0, 40, 256)).Floats));
    }

    [Fact]
    public void Several_threads_may_make_the_first_product_at_once()
    {
        var x = WeightSamples.Inputs(2, 256, seed: 12);
        var weight = Weight(DType.Q8_0, 64, 256);
        using var compute = new Compute(2);
        var expected = Bits(Product(compute, x, Weight(DType.Q8_0, 64, 256)).Floats);
        var found = new int[4][];
        void Multiply(int index) => found[index] = Bits(Product(compute, x, weight).Floats);
        var threads = Enumerable.Range(0, 4).Select(index => new Thread(() => Multiply(index))).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        found.ShouldAllBe(bits => bits.SequenceEqual(expected));
    }

    [Fact]
    public void A_batch_beyond_one_call_gives_the_same_bits_as_its_rows()
    {
        var x = WeightSamples.Inputs(300, 64, seed: 13);
        var weight = Weight(DType.Q5_0, 33, 64);
        using var compute = new Compute(2);
        var batch = Product(compute, x, weight);
        foreach (var token in (int[])[0, 255, 256, 299])
            Bits(batch.Row(token)).ShouldBe(Bits(Product(compute, x.SliceRows(token, 1), weight).Row(0)));
    }

    [Fact]
    public void Shapes_that_do_not_fit_are_refused()
    {
        using var compute = new Compute(1);
        using var arena = new Arena();
        var weight = Weight(DType.Q4_0, 16, 64);
        Should.Throw<ArgumentException>(() =>
            weight.Multiply(compute, ActivationRows.Of(compute, Tensor.Zeros(2, 32), arena), Tensor.Zeros(2, 16)));
        Should.Throw<ArgumentException>(() =>
            weight.Multiply(compute, ActivationRows.Of(compute, Tensor.Zeros(2, 64), arena), Tensor.Zeros(2, 15)));
        Should.Throw<ArgumentException>(() =>
            weight.Multiply(compute, ActivationRows.Of(compute, Tensor.Zeros(2, 64), arena), Tensor.Zeros(1, 16)));
    }

    [Fact]
    public void Inputs_for_exact_products_take_no_memory()
    {
        using var compute = new Compute(1, precision: Precision.Exact);
        using var arena = new Arena();
        ActivationRows.Of(compute, Tensor.Zeros(2, 64), arena).Blocks.ShouldBeNull();
    }

    static WeightMatrix Weight(DType type, int rows, int columns) =>
        new(type.IsPlain() ? WeightSamples.Plain(type, rows, columns, seed: 7) : WeightSamples.Blocks(type, rows, columns, seed: 7));

    static Tensor Product(Compute compute, Tensor x, WeightMatrix weight)
    {
        using var arena = new Arena();
        var y = Tensor.Zeros(x.Rows, weight.Rows);
        weight.Multiply(compute, ActivationRows.Of(compute, x, arena), y);
        return y;
    }

    static int[] Bits(Span<float> values) => MemoryMarshal.Cast<float, int>(values).ToArray();
}
