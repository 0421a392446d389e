using Brickwork.Inference.Sampling;

namespace Brickwork.Inference.Tests.Sampling;

public sealed class LogitStepTests
{
    [Fact]
    public void Repeat_penalty_moves_recent_logits_towards_minus_infinity()
    {
        float[] logits = [4, -4, 4, 0];
        new RepeatPenaltyStep(Recent(0, 1, 1, 3), 2).Apply(logits);
        logits.ShouldBe([2, -8, 4, 0]);
    }

    [Fact]
    public void Presence_penalty_is_subtracted_once()
    {
        float[] logits = [4, -4, 4];
        new PresencePenaltyStep(Recent(0, 1, 1), 0.5f).Apply(logits);
        logits.ShouldBe([3.5f, -4.5f, 4]);
    }

    [Fact]
    public void Frequency_penalty_is_subtracted_once_for_every_occurrence()
    {
        float[] logits = [4, -4, 4];
        new FrequencyPenaltyStep(Recent(0, 1, 1), 0.5f).Apply(logits);
        logits.ShouldBe([3.5f, -5, 4]);
    }

    [Fact]
    public void Tokens_that_left_the_window_are_forgotten()
    {
        var recent = new RecentTokens(2);
        foreach (var id in (int[])[7, 8, 8, 9])
            recent.Add(id);
        recent.Counts.ShouldBe(new Dictionary<int, int> { [8] = 1, [9] = 1 }, ignoreOrder: true);
    }

    [Fact]
    public void Bias_is_added_and_minus_infinity_bans()
    {
        float[] logits = [1, 2, 3];
        new BiasStep(new Dictionary<int, float> { [0] = 1.5f, [2] = float.NegativeInfinity }).Apply(logits);
        logits.ShouldBe([2.5f, 2, float.NegativeInfinity]);
    }

    static RecentTokens Recent(params int[] tokens)
    {
        var recent = new RecentTokens(64);
        foreach (var id in tokens)
            recent.Add(id);
        return recent;
    }
}
