namespace Brickwork.Kernels.Activations;

static partial class ActivationKernel
{
    static void RunReference(
        ActivationKind kind, ReadOnlySpan<float> gate, ReadOnlySpan<float> up, float limit, Span<float> y)
    {
        for (var i = 0; i < y.Length; i++)
            y[i] = kind == ActivationKind.ClampedSwiGlu
                ? (float)ClampedSwiGluReference(gate[i], up[i], limit)
                : (float)(Reference(kind, gate[i]) * (up.IsEmpty ? 1 : up[i]));
    }

    static double Reference(ActivationKind kind, double x) => kind switch
    {
        ActivationKind.Identity => x,
        ActivationKind.Silu => x * Sigmoid(x),
        ActivationKind.GeluTanh => x * Sigmoid(2 * Math.Sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)),
        ActivationKind.GeluErf => x * NormalDistribution(x),
        ActivationKind.GeluQuick => x * Sigmoid(1.702 * x),
        ActivationKind.Relu => Math.Max(x, 0),
        ActivationKind.ReluSquared => Math.Max(x, 0) * Math.Max(x, 0),
        ActivationKind.Sigmoid => Sigmoid(x),
        ActivationKind.Tanh => Math.Tanh(x),
        ActivationKind.Exp => Math.Exp(x),
        ActivationKind.Softplus => Softplus(x),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "This function needs a second row."),
    };

    static double ClampedSwiGluReference(double gate, double up, double limit)
    {
        gate = Math.Min(gate, limit);
        up = Math.Clamp(up, -limit, limit);
        return gate * Sigmoid(1.702 * gate) * (up + 1);
    }

    static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    /// <summary>ln(1 + e^x) without overflow, and without loss where e^x is tiny.</summary>
    static double Softplus(double x)
    {
        var small = Math.Exp(-Math.Abs(x));
        var rounded = 1 + small;
        var logarithm = rounded == 1 ? small : Math.Log(rounded) * small / (rounded - 1);
        return Math.Max(x, 0) + logarithm;
    }

    /// <summary>The share of a normal distribution below x: the series about 0, or the continued fraction of the tail.</summary>
    static double NormalDistribution(double x)
    {
        var density = Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI);
        if (Math.Abs(x) < 3)
        {
            var term = x;
            var sum = x;
            for (var n = 3; n < 200 && Math.Abs(term) > 1e-20; n += 2)
                sum += term *= x * x / n;
            return 0.5 + density * sum;
        }
        var fraction = Math.Abs(x);
        for (var n = 100; n > 0; n--)
            fraction = Math.Abs(x) + n / (n == 100 ? Math.Abs(x) : fraction);
        var tail = density / fraction;
        return x < 0 ? tail : 1 - tail;
    }
}
