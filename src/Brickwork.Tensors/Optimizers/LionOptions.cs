using Brickwork.Tensors.Optimizers;

namespace Brickwork;

/// <summary>Steps of one size along the sign of the momentum (Chen et al. 2023): half of Adam's memory, rates a third to a tenth of Adam's.</summary>
public sealed record LionOptions : OptimizerOptions
{
    /// <summary>β₁: how much of the momentum is in the direction of a step.</summary>
    public float Beta1 { get; init; } = 0.9f;

    /// <summary>β₂: how much of the momentum stays per step.</summary>
    public float Beta2 { get; init; } = 0.99f;

    internal override IEnumerable<string> Faults() => [.. base.Faults(), .. ShareFaults(("beta1", Beta1), ("beta2", Beta2))];

    internal override Optimizer Create(Compute compute, IReadOnlyList<Parameter> parameters) => new Lion(this, compute, parameters);
}
