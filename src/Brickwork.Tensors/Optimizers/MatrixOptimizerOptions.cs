using Brickwork.Tensors.Optimizers;

namespace Brickwork;

/// <summary>A rule for matrices, and AdamW for embeddings, heads, norms and biases.</summary>
public abstract record MatrixOptimizerOptions : OptimizerOptions
{
    /// <summary>Names of matrices that AdamW takes nevertheless.</summary>
    public IReadOnlyList<string> ByAdamW { get; init; } = ["token_embd.*", "output.*", "position_embd.*"];

    /// <summary>The numbers of AdamW; the decay of <see cref="OptimizerOptions"/> holds for all.</summary>
    public AdamWOptions AdamW { get; init; } = new();

    internal override IEnumerable<string> Faults() => base.Faults().Concat(AdamW.Faults());

    internal sealed override Optimizer Create(Compute compute, IReadOnlyList<Parameter> parameters) => Create(
        compute, [.. parameters.Where(parameter => IsMatrix(parameter, ByAdamW))],
        new AdamW(AdamW with { WeightDecay = WeightDecay, WithoutDecay = WithoutDecay, MomentType = MomentType }, compute, [.. parameters.Where(parameter => !IsMatrix(parameter, ByAdamW))]));

    private protected abstract Optimizer Create(Compute compute, IReadOnlyList<Parameter> matrices, AdamW rest);
}
