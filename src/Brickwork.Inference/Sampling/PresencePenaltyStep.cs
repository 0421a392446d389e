namespace Brickwork.Inference.Sampling;

/// <summary>Subtracts a constant from the logit of every recent token.</summary>
sealed class PresencePenaltyStep(RecentTokens recent, float penalty) : ILogitStep
{
    public void Apply(Span<float> logits)
    {
        foreach (var id in recent.Counts.Keys)
            logits[id] -= penalty;
    }
}
