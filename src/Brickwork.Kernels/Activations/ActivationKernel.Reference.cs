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

    static void BackwardReference(
        ActivationKind kind, ReadOnlySpan<float> gate, ReadOnlySpan<float> up, float limit, ReadOnlySpan<float> dy,
        Span<float> dGate, Span<float> dUp)
    {
        for (var i = 0; i < gate.Length; i++)
        {
            var isClamped = kind == ActivationKind.ClampedSwiGlu;
            var (x, factor) = ((double)gate[i], up.IsEmpty ? 1.0 : up[i]);
            var kept = !isClamped || Math.Abs(factor) <= limit;
            var slope = isClamped && x > limit ? 0 : SlopeReference(isClamped ? ActivationKind.GeluQuick : kind, x);
            if (!dGate.IsEmpty)
                dGate[i] += (float)(dy[i] * slope * (isClamped ? Math.Clamp(factor, -limit, limit) + 1 : factor));
            if (!dUp.IsEmpty)
                dUp[i] += (float)(kept ? dy[i] * Reference(isClamped ? ActivationKind.GeluQuick : kind, isClamped ? Math.Min(x, limit) : x) : 0);
        }
    }

    static double SlopeReference(ActivationKind kind, double x) => kind switch
    {
        ActivationKind.Identity => 1,
        ActivationKind.Silu => SwishSlopeReference(x, x, 1),
        ActivationKind.GeluTanh => SwishSlopeReference(
            x, 2 * Math.Sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x), 2 * Math.Sqrt(2 / Math.PI) * (1 + 3 * 0.044715 * x * x)),
        ActivationKind.GeluErf => NormalDistribution(x) + x * Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI),
        ActivationKind.GeluQuick => SwishSlopeReference(x, 1.702 * x, 1.702),
        ActivationKind.Relu => x > 0 ? 1 : 0,
        ActivationKind.ReluSquared => 2 * Math.Max(x, 0),
        ActivationKind.Sigmoid => Sigmoid(x) * Sigmoid(-x),
        ActivationKind.Tanh => 4 * Sigmoid(2 * x) * Sigmoid(-2 * x),
        ActivationKind.Exp => Math.Exp(x),
        ActivationKind.Softplus => Sigmoid(x),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "This function needs a second row."),
    };

    /// <summary>The slope of x · σ(u) where u has this slope.</summary>
    static double SwishSlopeReference(double x, double u, double slope) => Sigmoid(u) * (1 + x * slope * Sigmoid(-u));
}
