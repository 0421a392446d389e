using Brickwork.Kernels.Activations;
using Brickwork.Tensors.Operations;
using Brickwork.TestKit;

namespace Brickwork.Laws.Gradients;

static class ActivationGradients
{
    const float Limit = 1.1f;

    public static IEnumerable<GradientCase> Cases =>
    [
        .. from kind in Enum.GetValues<ActivationKind>() from rows in (int[])[3, 401] select Gated(kind, rows, 99),
        .. from kind in Enum.GetValues<ActivationKind>() where kind != ActivationKind.ClampedSwiGlu select Plain(kind, 5, 33),
        Joined(ActivationKind.Silu, 3, 21),
        Joined(ActivationKind.ClampedSwiGlu, 401, 50),
    ];

    static GradientCase Gated(ActivationKind kind, int rows, int columns) => new()
    {
        Name = $"Activation, {kind} of [{rows}, {columns}], gated",
        Operation = typeof(Activation),
        Kinks = [0, Limit, -Limit],
        Inputs = [[rows, columns], [rows, columns]],
        Output = [rows, columns],
        Formula = inputs => [.. inputs[0].Zip(inputs[1], (gate, up) => Value(kind, gate, up))],
        Backward = (compute, inputs, dy, gradients) =>
            Activation.Backward(compute, kind, inputs[0], inputs[1], dy, gradients[0], gradients[1], Limit),
    };

    static GradientCase Joined(ActivationKind kind, int rows, int columns) => new()
    {
        Name = $"Activation, {kind} of [{rows}, {columns}], joined",
        Operation = typeof(Activation),
        Kinks = [0, Limit, -Limit],
        Inputs = [[rows, 2 * columns]],
        Output = [rows, columns],
        Formula = inputs => Shapes.ByRow(inputs[0], 2 * columns, row => [.. row.Take(columns).Zip(row.Skip(columns), (gate, up) => Value(kind, gate, up))]),
        Backward = (compute, inputs, dy, gradients) =>
            Activation.BackwardJoined(compute, kind, inputs[0], dy, gradients[0]!.Value, Limit),
    };

    static GradientCase Plain(ActivationKind kind, int rows, int columns) => new()
    {
        Name = $"Activation, {kind} of [{rows}, {columns}]",
        Operation = typeof(Activation),
        Kinks = [0, Limit, -Limit],
        Inputs = [[rows, columns]],
        Output = [rows, columns],
        Formula = inputs => [.. inputs[0].Select(gate => Value(kind, gate, 1))],
        Backward = (compute, inputs, dy, gradients) => Activation.Backward(compute, kind, inputs[0], null, dy, gradients[0], null),
    };

    public static double Value(ActivationKind kind, double x, double up) => up * kind switch
    {
        ActivationKind.Identity => x,
        ActivationKind.Silu => x / (1 + Math.Exp(-x)),
        ActivationKind.GeluTanh => x / 2 * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x))),
        ActivationKind.GeluErf => x / 2 * (1 + ErrorFunction(x / Math.Sqrt(2))),
        ActivationKind.GeluQuick => x / (1 + Math.Exp(-1.702 * x)),
        ActivationKind.Relu => Math.Max(x, 0),
        ActivationKind.ReluSquared => Math.Max(x, 0) * Math.Max(x, 0),
        ActivationKind.Sigmoid => 1 / (1 + Math.Exp(-x)),
        ActivationKind.Tanh => Math.Tanh(x),
        ActivationKind.Softplus => Math.Log(1 + Math.Exp(x)),
        ActivationKind.Exp => Math.Exp(x),
        _ => Math.Min(x, Limit) / (1 + Math.Exp(-1.702 * Math.Min(x, Limit))) * (Math.Clamp(up, -Limit, Limit) + 1) / up,
    };

    /// <summary>The power series about zero, which is exact enough for the arguments of this test.</summary>
    static double ErrorFunction(double x)
    {
        var (term, sum) = (x, x);
        for (var n = 1; n < 60; n++)
        {
            term *= -x * x / n;
            sum += term / (2 * n + 1);
        }
        return sum * 2 / Math.Sqrt(Math.PI);
    }
}
