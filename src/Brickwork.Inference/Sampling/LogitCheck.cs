using System.Globalization;

namespace Brickwork.Inference.Sampling;

/// <summary>Looks at raw logits: whether they are numbers, and which is the highest.</summary>
static class LogitCheck
{
    internal static void ThrowIfDamaged(ReadOnlySpan<float> logits, int step)
    {
        for (var id = 0; id < logits.Length; id++)
            if (float.IsNaN(logits[id]) || float.IsPositiveInfinity(logits[id]))
                throw Damaged(id, logits[id], step);
    }

    /// <summary>The token with the highest logit; the lowest id of equals.</summary>
    internal static int Highest(ReadOnlySpan<float> logits)
    {
        var best = 0;
        for (var id = 1; id < logits.Length; id++)
            if (logits[id] > logits[best])
                best = id;
        return float.IsNegativeInfinity(logits[best]) ? throw AllBanned() : best;
    }

    internal static InvalidOperationException AllBanned() =>
        new("Every token has a logit of minus infinity; expected at least one that may be chosen. Ban fewer tokens by LogitBias.");

    static CheckpointException Damaged(int id, float logit, int step) => new(
        string.Create(CultureInfo.InvariantCulture, $"The logit of token {id} at generation step {step} is {logit}; expected a finite number. The weights may be damaged."),
        "Fetch or convert the model again.");
}
