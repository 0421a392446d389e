namespace Brickwork.Inference.Sampling;

/// <summary>Makes recent tokens less likely by a factor on their logit, towards minus infinity.</summary>
/// <remarks>Keskar et al. 2019 (CTRL), section 4.1, with the sign of the logit respected.</remarks>
sealed class RepeatPenaltyStep(RecentTokens recent, float penalty) : ILogitStep
{
    public void Apply(Span<float> logits)
    {
        foreach (var id in recent.Counts.Keys)
            logits[id] = logits[id] > 0 ? logits[id] / penalty : logits[id] * penalty;
    }
}
