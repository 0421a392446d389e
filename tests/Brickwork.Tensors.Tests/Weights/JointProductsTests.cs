using System.Runtime.InteropServices;
using Brickwork.Kernels.Activations;
using Brickwork.Tensors.Operations;
using Brickwork.Tensors.Storage;
using Brickwork.Tensors.Tests.Operations;
using Brickwork.Tensors.Weights;

namespace Brickwork.Tensors.Tests.Weights;

public sealed class JointProductsTests
{
    const int Columns = 512;

    public static TheoryData<InstructionSet, int, int> Cases
    {
        get
        {
            var cases = new TheoryData<InstructionSet, int, int>();
            foreach (var path in InstructionSets.Supported.Where(path => path >= InstructionSet.Avx2))
                foreach (var (threads, tokens) in ((int, int)[])[(1, 1), (2, 1), (3, 5), (2, 40), (2, 300)])
                    cases.Add(path, threads, tokens);
            return cases;
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void Products_that_run_together_have_the_bits_of_those_that_run_alone(InstructionSet path, int threads, int tokens)
    {
        using var compute = new Compute(threads, path);
        using var arena = new Arena();
        var x = ActivationRows.Of(compute, WeightSamples.Inputs(tokens, Columns, seed: 1), arena);
        WeightMatrix[] weights = [Weight(DType.Q4_0, 70, 2), Weight(DType.Q8_0, 1000, 3), Weight(DType.Q6_K, 17, 4)];
        var alone = weights.Select(weight => Product(compute, x, weight)).ToArray();
        var joint = weights.Select(weight => Tensor.Zeros(tokens, weight.Rows)).ToArray();
        JointProducts.TryRun(compute, x, weights[0], joint[0], weights[1], joint[1], weights[2], joint[2]).ShouldBeTrue();
        for (var index = 0; index < weights.Length; index++)
            Bits(joint[index]).ShouldBe(Bits(alone[index]));
    }

    [Theory, MemberData(nameof(Cases))]
    public void A_gated_product_has_the_bits_of_its_steps(InstructionSet path, int threads, int tokens)
    {
        using var compute = new Compute(threads, path);
        using var arena = new Arena();
        var x = ActivationRows.Of(compute, WeightSamples.Inputs(tokens, Columns, seed: 5), arena);
        var (gate, up) = (Weight(DType.Q4_K, 416, 6), Weight(DType.Q5_0, 416, 7));
        var expected = Product(compute, x, gate);
        Activation.Run(compute, ActivationKind.Silu, expected, Product(compute, x, up), expected);
        var rounded = ActivationRows.Of(compute, expected, arena);
        var found = JointProducts.TryRunGated(compute, x, gate, up, ActivationKind.Silu, arena).ShouldNotBeNull();
        Bits(found.Values).ShouldBe(Bits(expected));
        Bits(found.Blocks!.Value).ShouldBe(Bits(rounded.Blocks!.Value));
    }

    [Theory, MemberData(nameof(Cases))]
    public void A_norm_that_rounds_has_the_bits_of_its_steps(InstructionSet path, int threads, int tokens)
    {
        using var compute = new Compute(threads, path);
        using var arena = new Arena();
        var values = WeightSamples.Inputs(tokens, Columns, seed: 8);
        var gain = WeightSamples.Inputs(1, Columns, seed: 9).Reshape(Columns);
        var expected = Tensor.Zeros(tokens, Columns);
        RmsNorm.Run(compute, values, gain, 1e-5f, expected);
        var rounded = ActivationRows.Of(compute, expected, arena);
        var found = ActivationRows.Normalized(compute, values, gain, 1e-5f, arena);
        Bits(found.Values).ShouldBe(Bits(expected));
        Bits(found.Blocks!.Value).ShouldBe(Bits(rounded.Blocks!.Value));
    }

    [Fact]
    public void Weights_without_a_rounded_product_do_not_run_together()
    {
        using var compute = new Compute(1);
        using var arena = new Arena();
        var x = ActivationRows.Of(compute, WeightSamples.Inputs(1, Columns, seed: 1), arena);
        var (quantized, plain) = (Weight(DType.Q4_0, 32, 2), Weight(DType.F16, 32, 3));
        var y = Tensor.Zeros(1, 32);
        JointProducts.TryRun(compute, x, quantized, y, plain, y, quantized, y).ShouldBeFalse();
        JointProducts.TryRunGated(compute, x, plain, quantized, ActivationKind.Silu, arena).ShouldBeNull();
        JointProducts.TryRunGated(compute, x, quantized, Weight(DType.Q4_0, 64, 4), ActivationKind.Silu, arena).ShouldBeNull();
        using var exact = new Compute(1, precision: Precision.Exact);
        var exactRows = ActivationRows.Of(exact, WeightSamples.Inputs(1, Columns, seed: 1), arena);
        JointProducts.TryRun(exact, exactRows, quantized, y, quantized, y, quantized, y).ShouldBeFalse();
    }

    static WeightMatrix Weight(DType type, int rows, int seed) => new(type.IsPlain() ? WeightSamples.Plain(type, rows, Columns, seed) : WeightSamples.Blocks(type, rows, Columns, seed));

    static Tensor Product(Compute compute, in ActivationRows x, WeightMatrix weight)
    {
        var y = Tensor.Zeros(x.Values.Rows, weight.Rows);
        weight.Multiply(compute, x, y);
        return y;
    }

    static int[] Bits(Tensor tensor) => MemoryMarshal.Cast<float, int>(tensor.Floats).ToArray();
}
