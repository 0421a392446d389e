using Brickwork.Kernels.LayerNorm;
using Brickwork.Kernels.RmsNorm;
using Brickwork.Kernels.Softmax;

namespace Brickwork.Kernels.Tests.Norms;

public sealed class NormKernelTests
{
    // A float sum of n terms in 16 or fewer chains loses at most about √n roundings; n ≤ 4095.
    const double Relative = 4e-6;

    [Theory]
    [ClassData(typeof(KernelPaths))]
    public void Rms_norm_matches_the_reference_for_every_length(InstructionSet path)
    {
        foreach (var length in Rows.Lengths)
            foreach (var gain in new[] { [], Rows.Random(length + 1, length) })
                Compare(length, "rms norm", (on, x, y) => RmsNormKernel.Run(on, x, gain, 1e-5f, y), path, 1e-12);
    }

    [Theory]
    [ClassData(typeof(KernelPaths))]
    public void Layer_norm_matches_the_reference_for_every_length(InstructionSet path)
    {
        foreach (var length in Rows.Lengths)
            foreach (var gain in new[] { [], Rows.Random(length + 1, length) })
                foreach (var bias in new[] { [], Rows.Random(length + 2, length) })
                    // The mean is subtracted, so an error stands against the size of the row, not of the value.
                    Compare(length, "layer norm", (on, x, y) => LayerNormKernel.Run(on, x, gain, bias, 1e-5f, y), path, 2e-6);
    }

    [Theory]
    [ClassData(typeof(KernelPaths))]
    public void Length_normalization_matches_the_reference_for_every_length(InstructionSet path)
    {
        foreach (var length in Rows.Lengths)
            Compare(length, "length", (on, x, y) => L2NormalizeKernel.Run(on, x, 1e-6f, y), path, 1e-12);
    }

    [Theory]
    [ClassData(typeof(KernelPaths))]
    public void Softmax_matches_the_reference_for_every_length(InstructionSet path)
    {
        foreach (var length in Rows.Lengths)
            Compare(length, "softmax", (on, x, y) => SoftmaxKernel.Run(on, x, y), path, 1e-12);
    }

    [Theory]
    [ClassData(typeof(KernelPaths))]
    public void Softmax_ignores_excluded_values(InstructionSet path)
    {
        var x = Rows.Random(1, 37, 3);
        x[0] = x[20] = x[36] = float.NegativeInfinity;
        var y = new float[37];
        SoftmaxKernel.Run(path, x, y);
        (y[0], y[20], y[36]).ShouldBe((0, 0, 0));
        y.Sum().ShouldBe(1, 1e-6);
    }

    [Fact]
    public void Equal_largest_values_give_the_lower_index()
    {
        Largest.Index([1, 3, 2, 3]).ShouldBe(1);
        Largest.Index([float.NaN, 3, 2]).ShouldBe(1);
        var indices = new int[3];
        Largest.Indices([1, 3, 2, 3, 2], indices);
        indices.ShouldBe([1, 3, 2]);
    }

    [Fact]
    public void The_largest_indices_are_those_of_a_stable_sort()
    {
        for (var seed = 0; seed < 100; seed++)
        {
            var x = Rows.Random(seed, 50, 5).Select(value => MathF.Round(value)).ToArray();
            var indices = new int[1 + seed % 50];
            Largest.Indices(x, indices);
            var expected = Enumerable.Range(0, 50).OrderByDescending(i => x[i]).Take(indices.Length);
            indices.ShouldBe(expected);
        }
    }

    delegate void RowKernel(InstructionSet path, float[] x, float[] y);

    static void Compare(int length, string name, RowKernel run, InstructionSet path, double absolute)
    {
        var x = Rows.Random(length, length, 3);
        var (expected, actual, inPlace) = (new float[length], new float[length], x.ToArray());
        run(InstructionSet.Reference, x, expected);
        run(path, x, actual);
        actual.ShouldBeClose(expected, Relative, absolute, $"{name} on {path}");
        run(path, inPlace, inPlace);
        Rows.ShouldBeBitIdentical(inPlace, actual, $"{name} in place on {path}");
    }
}
