using Brickwork.Tensors.Optimizers;

namespace Brickwork;

/// <summary>Adam with decoupled weight decay (Loshchilov &amp; Hutter 2019).</summary>
public sealed record AdamWOptions : OptimizerOptions
{
    /// <summary>β₁: how much of the mean gradient stays per step.</summary>
    public float Beta1 { get; init; } = 0.9f;

    /// <summary>β₂: how much of the mean square gradient stays per step.</summary>
    public float Beta2 { get; init; } = 0.95f;

    /// <summary>ε, added to the root of the mean square.</summary>
    public float Epsilon { get; init; } = 1e-8f;

    internal override IEnumerable<string> Faults() => [.. base.Faults(), .. ShareFaults(("beta1", Beta1), ("beta2", Beta2))];

    internal override Optimizer Create(Compute compute, IReadOnlyList<Parameter> parameters) => new AdamW(this, compute, parameters);
}
