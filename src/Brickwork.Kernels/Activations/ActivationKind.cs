namespace Brickwork.Kernels.Activations;

/// <summary>The functions between the two matrices of a feed-forward part. σ is the logistic function.</summary>
enum ActivationKind
{
    /// <summary>x.</summary>
    Identity,

    /// <summary>x · σ(x), also called swish.</summary>
    Silu,

    /// <summary>x / 2 · (1 + tanh(√(2/π) · (x + 0.044715 x³))).</summary>
    GeluTanh,

    /// <summary>x / 2 · (1 + erf(x / √2)).</summary>
    GeluErf,

    /// <summary>x · σ(1.702 x).</summary>
    GeluQuick,

    /// <summary>max(x, 0).</summary>
    Relu,

    /// <summary>max(x, 0)².</summary>
    ReluSquared,

    /// <summary>σ(x).</summary>
    Sigmoid,

    /// <summary>tanh x.</summary>
    Tanh,

    /// <summary>ln(1 + e^x).</summary>
    Softplus,

    /// <summary>e^x.</summary>
    Exp,

    /// <summary>g · σ(1.702 g) · (u + 1), g = min(gate, limit), u = up within ±limit; needs the second matrix. From gpt-oss.</summary>
    ClampedSwiGlu,
}
