using Brickwork.Inference.Sampling;
using FsCheck;
using FsCheck.Fluent;

namespace Brickwork.Inference.Tests.Sampling;

/// <summary>Ranking only what is asked for changes no choice: the same tokens come as from a sort of the whole vocabulary.</summary>
public sealed class PartialRankingTests
{
    const int Vocabulary = 3000;

    [Fact]
    public void Items_ranked_bit_by_bit_stand_where_a_sort_puts_them()
    {
        Check.QuickThrowOnFailure(Prop.ForAll<int, int[]>((seed, asked) =>
        {
            var random = new SeededRandom(seed);
            var items = Enumerable.Range(0, 5000).Select(_ => (ulong)random.NextInt32(20_000)).ToArray();
            var sorted = items.Order().ToArray();
            var ranked = 0;
            foreach (var wanted in asked.Select(ask => Math.Abs(ask % 1000) * 5))
            {
                ranked = PartialRanking.Extend(items.AsSpan(), ranked, wanted);
                ranked.ShouldBeGreaterThanOrEqualTo(wanted);
                items.AsSpan(0, ranked).SequenceEqual(sorted.AsSpan(0, ranked)).ShouldBeTrue($"{wanted} of {ranked}");
            }
            items.Order().SequenceEqual(sorted).ShouldBeTrue();
        }));
    }

    [Theory]
    [InlineData(null, null, 0.95f, null)]
    [InlineData(null, null, 0.9999f, null)]
    [InlineData(null, null, 0.5f, 0.01f)]
    [InlineData(null, 0.6f, null, null)]
    [InlineData(null, 0.95f, 0.9f, null)]
    [InlineData(700, null, 0.9f, 0.02f)]
    [InlineData(5, null, null, null)]
    public void A_seed_draws_the_tokens_that_a_full_sort_draws(int? topK, float? typicalP, float? topP, float? minP)
    {
        for (var seed = 0; seed < 10; seed++)
        {
            var options = new SamplingOptions { TopK = topK, TypicalP = typicalP, TopP = topP, MinP = minP, Temperature = 1, Seed = seed };
            var sampler = new Sampler(options, Vocabulary);
            var random = new SeededRandom(seed);
            for (var step = 0; step < 10; step++)
            {
                var logits = Logits(100 * seed + step, spread: 1 + step);
                sampler.Next(logits).Id.ShouldBe(Draw(logits, options, random.NextDouble()), $"seed {seed}, step {step}");
            }
        }
    }

    [Fact]
    public void Mirostat_draws_the_tokens_that_a_full_sort_draws()
    {
        var mirostat = new Mirostat { TargetSurprise = 4 };
        var sampler = new Sampler(new SamplingOptions { Temperature = 1, Mirostat = mirostat, Seed = 3 }, Vocabulary);
        var (random, limit) = (new SeededRandom(3), 2.0 * mirostat.TargetSurprise);
        for (var step = 0; step < 60; step++)
        {
            var logits = Logits(step, spread: 1 + step % 6);
            var ranked = RandomLogits.Ranked(logits);
            var softmax = Softmax(ranked, logits);
            var kept = ranked.TakeWhile((id, rank) => rank == 0 || -Math.Log2(softmax[id]) <= limit).ToArray();
            var expected = Pick(kept, logits, random.NextDouble());
            sampler.Next(logits).Id.ShouldBe(expected, $"step {step}");
            limit -= mirostat.LearningRate * (-Math.Log2(softmax[expected]) - mirostat.TargetSurprise);
        }
    }

    /// <summary>The steps by the book: everything sorted, everything summed.</summary>
    static int Draw(float[] logits, SamplingOptions options, double drawn)
    {
        int[] kept = [.. RandomLogits.Ranked(logits).Take(options.TopK ?? Vocabulary)];
        if (options.TypicalP is { } typical)
        {
            var probabilities = Softmax(kept, logits);
            var mean = -probabilities.Values.Sum(probability => probability * Math.Log(probability));
            var nearest = kept.OrderBy(id => Math.Abs(-Math.Log(probabilities[id]) - mean)).ToArray();
            kept = [.. kept.Intersect(nearest[..CountToHold(nearest, probabilities, typical)])];
        }
        if (options.TopP is { } topP)
            kept = kept[..CountToHold(kept, Softmax(kept, logits), topP)];
        if (options.MinP is { } minP)
            kept = [.. kept.Where(id => logits[id] >= logits[kept[0]] + MathF.Log(minP))];
        return Pick(kept, logits, drawn);
    }

    static int CountToHold(int[] ids, Dictionary<int, double> probabilities, double p)
    {
        var (count, sum) = (0, 0.0);
        while (count < ids.Length && sum < p)
            sum += probabilities[ids[count++]];
        return count;
    }

    static int Pick(int[] ids, float[] logits, double drawn)
    {
        var probabilities = Softmax(ids, logits);
        return ids.Take(ids.Length - 1).Where(id => (drawn -= probabilities[id]) < 0).Append(ids[^1]).First();
    }

    static Dictionary<int, double> Softmax(int[] ids, float[] logits)
    {
        var weights = ids.ToDictionary(id => id, id => Math.Exp((double)logits[id] - logits[ids[0]]));
        var sum = weights.Values.Sum();
        return weights.ToDictionary(pair => pair.Key, pair => pair.Value / sum);
    }

    /// <summary>Coarse enough that some are equal.</summary>
    static float[] Logits(int seed, int spread)
    {
        var random = new SeededRandom(seed);
        return [.. Enumerable.Range(0, Vocabulary).Select(_ => MathF.Round((float)(random.NextDouble() + random.NextDouble() + random.NextDouble()) * spread * 200) / 200)];
    }
}
