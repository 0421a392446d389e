using Brickwork.Tensors.Operations;

namespace Brickwork.Models.Training;

/// <summary>The likelihood of the tokens that follow.</summary>
sealed class TokenObjective : IObjective
{
    public static readonly TokenObjective Instance = new();

    public void Begin(TokenBatch batch)
    {
    }

    public double Run(Compute compute, int firstRow, Tensor logits, ReadOnlySpan<int> targets, float? scale) => scale is { } factor
        ? CrossEntropy.Backward(compute, logits, targets, factor)
        : CrossEntropy.Run(compute, logits, targets);
}
