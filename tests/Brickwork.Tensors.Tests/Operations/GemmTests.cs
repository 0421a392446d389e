using System.Runtime.InteropServices;
using Brickwork.Kernels.Blocks;
using Brickwork.Tensors.Operations;
using Brickwork.TestKit;

namespace Brickwork.Tensors.Tests.Operations;

public sealed class GemmTests
{
    static readonly Transposes[] Forms = [Transposes.None, Transposes.First, Transposes.Second, Transposes.Both];

    [Theory, ClassData(typeof(EveryInstructionSet))]
    public void A_product_is_the_sum_over_the_depth(InstructionSet path)
    {
        using var compute = new Compute(2, path);
        foreach (var (rows, columns, depth) in ((int, int, int)[])[(1, 1, 1), (7, 130, 40), (103, 70, 1100), (64, 64, 64), (300, 5, 33)])
            foreach (var form in Forms)
            {
                var (a, b) = Factors(form, DType.F32, rows, columns, depth);
                ShouldBeProduct(compute, form, a, b, rows, columns, depth);
            }
    }

    [Theory, ClassData(typeof(EveryInstructionSet))]
    public void A_right_factor_may_be_of_any_type(InstructionSet path)
    {
        using var compute = new Compute(2, path);
        foreach (var type in (DType[])[DType.F16, DType.BF16, DType.F64, .. WeightSamples.BlockTypes])
            foreach (var form in (Transposes[])[Transposes.None, Transposes.Second])
            {
                var (a, b) = type is DType.F64
                    ? (WeightSamples.Inputs(8, 256, seed: 1), Doubles(256, 256))
                    : Factors(form, type, 8, 256, 256);
                ShouldBeProduct(compute, form, a, b, 8, 256, 256);
            }
    }

    [Theory, ClassData(typeof(EveryInstructionSet))]
    public void The_bits_do_not_depend_on_the_threads_or_the_path(InstructionSet path)
    {
        using var single = new Compute(1, InstructionSet.Reference);
        foreach (var form in Forms)
        {
            var (a, b) = Factors(form, DType.BF16, 100, 150, 1300);
            var expected = WeightSamples.Inputs(100, 150, seed: 3);
            Gemm.Add(single, form, a, b, expected, 0.3f);
            foreach (var threads in (int[])[1, 2, 3, 5])
            {
                using var compute = new Compute(threads, path);
                var found = WeightSamples.Inputs(100, 150, seed: 3);
                Gemm.Add(compute, form, a, b, found, 0.3f);
                Bits(found).ShouldBe(Bits(expected), $"{form}, {threads} threads");
            }
        }
    }

    [Fact]
    public void A_call_allocates_nothing()
    {
        // One thread: when another one takes its first chunk, and the memory for it, is up to the system.
        using var compute = new Compute(1);
        var (a, b) = Factors(Transposes.Both, DType.BF16, 100, 150, 1300);
        var c = Tensor.Zeros(100, 150);
        var least = long.MaxValue;
        // First calls compile and take scratch memory, and so may a later one where other tests run beside.
        for (var call = 0; call < 20; call++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Gemm.Add(compute, Transposes.Both, a, b, c);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        least.ShouldBe(0);
    }

    [Fact]
    public void No_tokens_give_no_outputs_and_add_nothing_to_a_weight()
    {
        using var compute = new Compute(1);
        Gemm.Run(compute, Transposes.Second, Tensor.Zeros(DType.F32, 0, 8), Tensor.Zeros(4, 8), Tensor.Zeros(DType.F32, 0, 4));
        var weight = WeightSamples.Inputs(4, 8, seed: 1);
        var before = Bits(weight);
        Gemm.Add(compute, Transposes.First, Tensor.Zeros(DType.F32, 0, 4), Tensor.Zeros(DType.F32, 0, 8), weight);
        Bits(weight).ShouldBe(before);
        Gemm.Run(compute, Transposes.First, Tensor.Zeros(DType.F32, 0, 4), Tensor.Zeros(DType.F32, 0, 8), weight);
        weight.Floats.ToArray().ShouldAllBe(value => value == 0);
    }

    [Fact]
    public void Shapes_that_do_not_fit_are_refused()
    {
        using var compute = new Compute(1);
        var (a, b) = (Tensor.Zeros(3, 4), Tensor.Zeros(5, 4));
        Gemm.Run(compute, Transposes.Second, a, b, Tensor.Zeros(3, 5));
        Should.Throw<ArgumentException>(() => Gemm.Run(compute, Transposes.None, a, b, Tensor.Zeros(3, 4)));
        Should.Throw<ArgumentException>(() => Gemm.Run(compute, Transposes.Second, a, b, Tensor.Zeros(5, 3)));
        Should.Throw<ArgumentException>(() => Gemm.Run(compute, Transposes.Second, Tensor.Zeros(DType.BF16, 3, 4), b, Tensor.Zeros(3, 5)));
    }

    static (Tensor A, Tensor B) Factors(Transposes form, DType type, int rows, int columns, int depth)
    {
        var a = form.HasFlag(Transposes.First) ? WeightSamples.Inputs(depth, rows, seed: 1) : WeightSamples.Inputs(rows, depth, seed: 1);
        var (bRows, bColumns) = form.HasFlag(Transposes.Second) ? (columns, depth) : (depth, columns);
        return (a, type.IsPlain() ? WeightSamples.Plain(type, bRows, bColumns, seed: 2) : WeightSamples.Blocks(type, bRows, bColumns, seed: 2));
    }

    static Tensor Doubles(int rows, int columns)
    {
        var tensor = Tensor.Zeros(DType.F64, rows, columns);
        var random = new Random(7);
        foreach (ref var value in MemoryMarshal.Cast<byte, double>(tensor.RowSpan(0, rows)))
            value = random.NextDouble() - 0.5;
        return tensor;
    }

    static void ShouldBeProduct(Compute compute, Transposes form, Tensor a, Tensor b, int rows, int columns, int depth)
    {
        var left = a.Floats.ToArray();
        var right = new float[b.Rows * b.Columns];
        Dequantizer.Run(b.Type, b.RowSpan(0, b.Rows), right);
        var expected = new float[rows * columns];
        for (var row = 0; row < rows; row++)
            for (var column = 0; column < columns; column++)
            {
                var sum = 0.0;
                for (var step = 0; step < depth; step++)
                    sum += (double)(form.HasFlag(Transposes.First) ? left[step * rows + row] : left[row * depth + step])
                        * (form.HasFlag(Transposes.Second) ? right[column * depth + step] : right[step * columns + column]);
                expected[row * columns + column] = (float)(2 * sum);
            }
        var found = WeightSamples.Inputs(rows, columns, seed: 9);
        Gemm.Run(compute, form, a, b, found, alpha: 2);
        var size = Math.Sqrt(right.Sum(value => (double)value * value) / right.Length);
        ((ReadOnlySpan<float>)found.Floats).ShouldBeClose(expected, Tolerance.Float32Sum(depth, 2 * size),
            $"{compute.InstructionSet}, {form}, {b.Type}, [{rows}, {columns}] over {depth}");
    }

    static int[] Bits(Tensor tensor) => MemoryMarshal.Cast<float, int>(tensor.Floats).ToArray();
}
