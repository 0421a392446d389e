namespace Brickwork.Inference.Sampling;

/// <summary>Subtracts a constant from the logit of a recent token for every time it occurs.</summary>
sealed class FrequencyPenaltyStep(RecentTokens recent, float penalty) : ILogitStep
{
    public void Apply(Span<float> logits)
    {
        foreach (var (id, count) in recent.Counts)
            logits[id] -= count * penalty;
    }
}
