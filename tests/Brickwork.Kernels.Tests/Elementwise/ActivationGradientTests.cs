using Brickwork.Kernels.Activations;

namespace Brickwork.Kernels.Tests.Elementwise;

public sealed class ActivationGradientTests
{
    // A few roundings of the argument and of the result; the argument of e^x may reach 20, which multiplies its rounding.
    const double Relative = 4e-6;
    const double Absolute = 2e-6;

    [Theory]
    [ClassData(typeof(KernelPaths))]
    public void Every_slope_matches_the_reference_for_every_length(InstructionSet path)
    {
        foreach (var kind in Enum.GetValues<ActivationKind>())
            foreach (var length in Rows.Lengths.Skip(1))
            {
                var (gate, up, dy) = (Rows.Random(length, length, 8), Rows.Random(length + 1, length, 10), Rows.Random(length + 2, length));
                var expected = Run(InstructionSet.Reference, kind, gate, up, dy);
                var actual = Run(path, kind, gate, up, dy);
                actual.Gate.ShouldBeClose(expected.Gate, Relative, 20 * Absolute, $"gate of {kind} on {path}");
                actual.Up.ShouldBeClose(expected.Up, Relative, Absolute, $"up of {kind} on {path}");
            }
    }

    [Theory]
    [ClassData(typeof(KernelPaths))]
    public void Extreme_arguments_give_limits_and_not_nonsense(InstructionSet path)
    {
        float[] x = [-1000, -104, -88, -30, 30, 88, 1000, 3e38f, -3e38f, 0];
        float[] one = [.. Enumerable.Repeat(1f, x.Length)];
        foreach (var kind in Enum.GetValues<ActivationKind>().Where(kind => kind is not ActivationKind.Exp))
        {
            var expected = Run(InstructionSet.Reference, kind, x, one, one);
            var actual = Run(path, kind, x, one, one);
            for (var i = 0; i < x.Length; i++)
                if (float.IsFinite(expected.Gate[i]))
                    ((double)actual.Gate[i]).ShouldBe(expected.Gate[i], 2e-5 * Math.Abs(expected.Gate[i]) + 1e-6, $"{kind}′({x[i]})");
        }
    }

    [Theory]
    [ClassData(typeof(KernelPaths))]
    public void A_slope_does_not_depend_on_its_place_in_the_row(InstructionSet path)
    {
        var (gate, up, dy) = (Rows.Random(1, 101, 3), Rows.Random(2, 101, 3), Rows.Random(3, 101));
        foreach (var kind in Enum.GetValues<ActivationKind>())
        {
            var whole = Run(path, kind, gate, up, dy);
            for (var i = 0; i < gate.Length; i++)
            {
                var alone = Run(path, kind, [gate[i]], [up[i]], [dy[i]]);
                (alone.Gate[0], alone.Up[0]).ShouldBe((whole.Gate[i], whole.Up[i]), $"{kind}");
            }
        }
    }

    [Fact]
    public void Rows_that_do_not_fit_are_refused()
    {
        var (row, longer) = (new float[3], new float[4]);
        foreach (var path in InstructionSets.Supported)
        {
            Should.Throw<ArgumentException>(() => ActivationKernel.Backward(path, ActivationKind.Silu, row, row, 7, longer, row, row));
            Should.Throw<ArgumentException>(() => ActivationKernel.Backward(path, ActivationKind.Silu, row, [], 7, row, row, row));
            Should.Throw<ArgumentException>(() => ActivationKernel.Backward(path, ActivationKind.Silu, row, row, 7, row, longer, row));
        }
    }

    static (float[] Gate, float[] Up) Run(InstructionSet path, ActivationKind kind, float[] gate, float[] up, float[] dy)
    {
        var (dGate, dUp) = (new float[gate.Length], new float[gate.Length]);
        ActivationKernel.Backward(path, kind, gate, up, 7, dy, dGate, dUp);
        return (dGate, dUp);
    }
}
