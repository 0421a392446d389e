using Brickwork.Tensors.Optimizers;

namespace Brickwork;

/// <summary>
/// Adam in the space of each gradient's leading directions (Zhao et al. 2024): its memory grows with the rank, not with the matrix.
/// AdamW for embeddings, heads, norms and biases.
/// </summary>
public sealed record GaLoreOptions : OptimizerOptions
{
    /// <summary>r: directions of a matrix.</summary>
    public int Rank { get; init; } = 32;

    /// <summary>T: steps after which the directions are found anew.</summary>
    public int RefreshEvery { get; init; } = 200;

    /// <summary>α: what steps of matrices are multiplied by.</summary>
    public float Scale { get; init; } = 0.25f;

    /// <summary>Names of matrices that AdamW takes nevertheless.</summary>
    public IReadOnlyList<string> ByAdamW { get; init; } = ["token_embd.*", "output.*", "position_embd.*"];

    /// <summary>The numbers of Adam, in both places; the decay of <see cref="OptimizerOptions"/> holds for all.</summary>
    public AdamWOptions AdamW { get; init; } = new();

    internal override IEnumerable<string> Faults()
    {
        foreach (var fault in base.Faults().Concat(AdamW.Faults()))
            yield return fault;
        if (Rank < 1)
            yield return $"'optimizer.rank' is {Rank}; expected at least 1.";
        if (RefreshEvery < 1)
            yield return $"'optimizer.refreshEvery' is {RefreshEvery}; expected at least 1.";
    }

    internal override Optimizer Create(Compute compute, IReadOnlyList<Parameter> parameters) => new GaLore(
        this, compute, [.. parameters.Where(parameter => IsMatrix(parameter, ByAdamW))],
        new AdamW(AdamW with { WeightDecay = WeightDecay, WithoutDecay = WithoutDecay }, compute, [.. parameters.Where(parameter => !IsMatrix(parameter, ByAdamW))]));
}
