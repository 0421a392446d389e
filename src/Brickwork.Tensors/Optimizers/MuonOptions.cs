using Brickwork.Tensors.Optimizers;

namespace Brickwork;

/// <summary>
/// Momentum whose matrices are made orthogonal before each step (Jordan et al. 2024), with steps as large as Adam's (Liu et al. 2025, §2.2);
/// AdamW for embeddings, heads, norms and biases.
/// </summary>
public sealed record MuonOptions : MatrixOptimizerOptions
{
    /// <summary>μ: how much of the momentum stays per step.</summary>
    public float Momentum { get; init; } = 0.95f;

    /// <summary>Newton–Schulz iterations per step.</summary>
    public int Iterations { get; init; } = 5;

    /// <summary>The root mean square of a step at rate 1; 0.2 is what Adam's steps have, so that rates and decay carry over.</summary>
    public float StepSize { get; init; } = 0.2f;

    internal override IEnumerable<string> Faults()
    {
        foreach (var fault in base.Faults().Concat(ShareFaults(("momentum", Momentum))))
            yield return fault;
        if (Iterations is < 1 or > 100)
            yield return $"'optimizer.iterations' is {Iterations}; expected 1 to 100.";
    }

    private protected override Optimizer Create(Compute compute, IReadOnlyList<Parameter> matrices, AdamW rest) => new Muon(this, compute, matrices, rest);
}
