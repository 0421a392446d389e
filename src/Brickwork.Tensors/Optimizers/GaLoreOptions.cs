using Brickwork.Tensors.Optimizers;

namespace Brickwork;

/// <summary>
/// Adam in the space of each gradient's leading directions (Zhao et al. 2024): its memory grows with the rank, not with the matrix.
/// AdamW for embeddings, heads, norms and biases.
/// </summary>
public sealed record GaLoreOptions : MatrixOptimizerOptions
{
    /// <summary>r: directions of a matrix.</summary>
    public int Rank { get; init; } = 32;

    /// <summary>T: steps after which the directions are found anew.</summary>
    public int RefreshEvery { get; init; } = 200;

    /// <summary>α: what steps of matrices are multiplied by.</summary>
    public float Scale { get; init; } = 0.25f;

    internal override IEnumerable<string> Faults()
    {
        foreach (var fault in base.Faults())
            yield return fault;
        if (Rank < 1)
            yield return $"'optimizer.rank' is {Rank}; expected at least 1.";
        if (RefreshEvery < 1)
            yield return $"'optimizer.refreshEvery' is {RefreshEvery}; expected at least 1.";
    }

    private protected override Optimizer Create(Compute compute, IReadOnlyList<Parameter> matrices, AdamW rest) => new GaLore(this, compute, matrices, rest);
}
