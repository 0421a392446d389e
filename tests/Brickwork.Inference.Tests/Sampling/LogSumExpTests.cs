using Brickwork.Inference.Sampling;

namespace Brickwork.Inference.Tests.Sampling;

public sealed class LogSumExpTests
{
    [Fact]
    public void Every_length_matches_the_plain_sum()
    {
        var random = new SeededRandom(1);
        for (var length = 1; length < 100; length++)
        {
            float[] logits = [.. Enumerable.Range(0, length).Select(_ => (float)(random.NextGaussian() * 10))];
            // A sum of at most 100 doubles.
            LogSumExp.Of(logits).ShouldBe(Math.Log(logits.Sum(logit => Math.Exp(logit))), 1e-13);
        }
    }

    [Fact]
    public void Huge_and_banned_logits_do_no_harm()
    {
        LogSumExp.Of([1e30f, 0, float.NegativeInfinity]).ShouldBe(1e30f);
        LogSumExp.Of([-1e30f, -1e30f]).ShouldBe(-1e30f);
    }
}
