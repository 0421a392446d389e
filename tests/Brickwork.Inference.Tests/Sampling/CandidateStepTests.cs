using Brickwork.Inference.Sampling;
using FsCheck;
using FsCheck.Fluent;

namespace Brickwork.Inference.Tests.Sampling;

public sealed class CandidateStepTests
{
    [Fact]
    public void Candidates_rank_by_logit_then_by_id()
    {
        foreach (var logits in RandomLogits.Many())
        {
            var candidates = RandomLogits.Load(logits);
            candidates.Rank(candidates.Count);
            candidates.Ids().ShouldBe(RandomLogits.Ranked(logits));
        }
    }

    [Fact]
    public void A_key_orders_logits_as_floats_do()
    {
        Check.QuickThrowOnFailure(Prop.ForAll<float, float>((left, right) =>
            float.IsNaN(left) || float.IsNaN(right) ||
            Candidates.ToKey(left, 5).CompareTo(Candidates.ToKey(right, 5)) == (right == left ? 0 : right.CompareTo(left))));
    }

    [Fact]
    public void Top_k_keeps_the_k_likeliest()
    {
        foreach (var logits in RandomLogits.Many())
            for (var k = 1; k <= logits.Length + 1; k++)
            {
                var candidates = RandomLogits.Load(logits);
                new TopKStep(k).Apply(candidates);
                candidates.Ids().ShouldBe(RandomLogits.Ranked(logits).Take(k));
            }
    }

    [Theory]
    [InlineData(0.01f)]
    [InlineData(0.5f)]
    [InlineData(0.9f)]
    [InlineData(0.999f)]
    public void Top_p_keeps_the_smallest_set_of_likeliest_tokens_that_holds_p(float p)
    {
        foreach (var logits in RandomLogits.Many())
        {
            var candidates = RandomLogits.Load(logits);
            new TopPStep(p).Apply(candidates);

            var ranked = RandomLogits.Ranked(logits);
            var probabilities = RandomLogits.Softmax(logits);
            candidates.Ids().ShouldBe(ranked.Take(candidates.Count));
            ranked.Take(candidates.Count).Sum(id => probabilities[id]).ShouldBeGreaterThanOrEqualTo(p - Rounding);
            ranked.Take(candidates.Count - 1).Sum(id => probabilities[id]).ShouldBeLessThan(p + Rounding);
        }
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(0.05f)]
    [InlineData(0.4f)]
    [InlineData(1f)]
    public void Min_p_keeps_what_is_likely_enough_beside_the_likeliest(float p)
    {
        foreach (var logits in RandomLogits.Many())
        {
            var candidates = RandomLogits.Load(logits);
            new MinPStep(p).Apply(candidates);

            var probabilities = RandomLogits.Softmax(logits);
            candidates.Ids().ShouldBe(
                Enumerable.Range(0, logits.Length).Where(id => !float.IsNegativeInfinity(logits[id]) && probabilities[id] >= (p - 1e-6) * probabilities.Max()));
        }
    }

    [Theory]
    [InlineData(0.2f)]
    [InlineData(0.7f)]
    public void Typical_keeps_the_tokens_of_nearly_mean_surprise_that_hold_p(float p)
    {
        foreach (var logits in RandomLogits.Many())
        {
            var candidates = RandomLogits.Load(logits);
            new TypicalPStep(p, logits.Length).Apply(candidates);

            var probabilities = RandomLogits.Softmax(logits);
            var alive = RandomLogits.Ranked(logits);
            var mean = -alive.Sum(id => probabilities[id] * Math.Log(probabilities[id]));
            var distances = alive.ToDictionary(id => id, id => Math.Abs(-Math.Log(probabilities[id]) - mean));
            var kept = candidates.Ids();
            kept.Sum(id => probabilities[id]).ShouldBeGreaterThanOrEqualTo(p - Rounding);
            var farthest = kept.Max(id => distances[id]);
            alive.Except(kept).ShouldAllBe(id => distances[id] >= farthest - Rounding);
            var last = kept.Last(id => distances[id] >= farthest - Rounding);
            kept.Where(id => id != last).Sum(id => probabilities[id]).ShouldBeLessThan(p + Rounding);
        }
    }

    [Theory]
    [InlineData(0.25f)]
    [InlineData(3f)]
    public void Temperature_divides_logits(float temperature)
    {
        foreach (var logits in RandomLogits.Many(50))
        {
            var candidates = RandomLogits.Load(logits);
            new TemperatureStep(temperature).Apply(candidates);
            candidates.Rank(candidates.Count);

            var expected = RandomLogits.Softmax([.. logits.Select(logit => logit / temperature)]);
            var found = candidates.Probabilities();
            for (var rank = 0; rank < candidates.Count; rank++)
                found[rank].ShouldBe(expected[candidates.Id(rank)], 1e-5);
        }
    }

    // Sums of at most 60 doubles below 1, in two orders.
    const double Rounding = 60 * 1.2e-16;
}
