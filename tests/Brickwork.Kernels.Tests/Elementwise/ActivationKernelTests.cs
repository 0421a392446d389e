using Brickwork.Kernels.Activations;

namespace Brickwork.Kernels.Tests.Elementwise;

public sealed class ActivationKernelTests
{
    // A few roundings of the argument and of the result; the argument of e^x may reach 20, which multiplies its rounding.
    const double Relative = 2e-6;

    // The tails of the GELUs, far below what a sum would notice, lose a few more digits.
    const double Tiny = 1e-12;

    [Theory]
    [ClassData(typeof(KernelPaths))]
    public void Every_activation_matches_the_reference_for_every_length(InstructionSet path)
    {
        foreach (var kind in Enum.GetValues<ActivationKind>())
            foreach (var length in Rows.Lengths)
                Compare(path, kind, Rows.Random(length, length, 8), Rows.Random(length + 1, length, 10));
    }

    [Theory]
    [ClassData(typeof(KernelPaths))]
    public void Every_activation_without_a_second_row_matches_the_reference(InstructionSet path)
    {
        foreach (var kind in Enum.GetValues<ActivationKind>().Where(kind => kind != ActivationKind.ClampedSwiGlu))
            foreach (var spread in new[] { 1e-6f, 1e-3f, 0.5f, 5, 12 })
                Compare(path, kind, Rows.Random(7, 1000, spread), []);
    }

    [Theory]
    [ClassData(typeof(KernelPaths))]
    public void Extreme_arguments_give_limits_and_not_nonsense(InstructionSet path)
    {
        float[] x = [-1000, -104, -88, -30, 30, 88, 1000, 3e38f, -3e38f, 0];
        foreach (var kind in Enum.GetValues<ActivationKind>().Where(kind => kind != ActivationKind.ClampedSwiGlu))
        {
            var expected = new float[x.Length];
            var actual = new float[x.Length];
            ActivationKernel.Run(InstructionSet.Reference, kind, x, [], 7, expected);
            ActivationKernel.Run(path, kind, x, [], 7, actual);
            for (var i = 0; i < x.Length; i++)
                if (!float.IsInfinity(expected[i]) || actual[i] != expected[i])
                    (Math.Abs(actual[i] - expected[i]) <= 2e-5 * Math.Abs(expected[i]) + 1e-30)
                        .ShouldBeTrue($"{kind}({x[i]}) is {actual[i]}, expected {expected[i]}");
        }
    }

    [Theory]
    [ClassData(typeof(KernelPaths))]
    public void A_value_that_is_no_number_stays_none(InstructionSet path)
    {
        foreach (var kind in Enum.GetValues<ActivationKind>())
        {
            var y = new float[20];
            var x = new float[20];
            x[3] = x[19] = float.NaN;
            ActivationKernel.Run(path, kind, x, Enumerable.Repeat(1f, 20).ToArray(), 7, y);
            (float.IsNaN(y[3]) && float.IsNaN(y[19])).ShouldBeTrue($"{kind}");
        }
    }

    [Theory]
    [ClassData(typeof(KernelPaths))]
    public void A_value_does_not_depend_on_its_place_in_the_row(InstructionSet path)
    {
        var x = Rows.Random(3, 101, 6);
        foreach (var kind in Enum.GetValues<ActivationKind>().Where(kind => kind != ActivationKind.ClampedSwiGlu))
        {
            var whole = new float[x.Length];
            ActivationKernel.Run(path, kind, x, [], 7, whole);
            for (var i = 0; i < x.Length; i++)
            {
                var alone = new float[1];
                ActivationKernel.Run(path, kind, x.AsSpan(i, 1), [], 7, alone);
                alone[0].ShouldBe(whole[i]);
            }
        }
    }

    static void Compare(InstructionSet path, ActivationKind kind, float[] gate, float[] up)
    {
        var expected = new float[gate.Length];
        var actual = new float[gate.Length];
        if (kind == ActivationKind.ClampedSwiGlu && gate.Length == 0)
            return;
        ActivationKernel.Run(InstructionSet.Reference, kind, gate, up, 7, expected);
        ActivationKernel.Run(path, kind, gate, up, 7, actual);
        // Where up + 1 cancels, the rounding of the sum shows.
        var absolute = kind == ActivationKind.ClampedSwiGlu ? 1e-6 : Tiny;
        actual.ShouldBeClose(expected, Relative, absolute, $"{kind} on {path}");
    }
}
