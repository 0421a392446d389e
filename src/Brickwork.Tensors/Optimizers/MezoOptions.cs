using Brickwork.Tensors.Optimizers;

namespace Brickwork;

/// <summary>
/// Steps along a random direction by the losses on both sides (Malladi et al. 2023): no gradients and nothing remembered, so training takes
/// hardly more memory than running. For fine-tuning, with rates a thousandth of Adam's.
/// </summary>
public sealed record MezoOptions : OptimizerOptions
{
    /// <summary>ε: how far to both sides.</summary>
    public float Distance { get; init; } = 1e-3f;

    /// <summary>Chooses the directions.</summary>
    public long Seed { get; init; }

    internal override IEnumerable<string> Faults()
    {
        foreach (var fault in base.Faults())
            yield return fault;
        if (Distance is not (> 0 and < 1))
            yield return $"'optimizer.distance' is {Distance}; expected a number between 0 and 1.";
    }

    internal override Optimizer Create(Compute compute, IReadOnlyList<Parameter> parameters) => new Mezo(this, compute, parameters);
}
