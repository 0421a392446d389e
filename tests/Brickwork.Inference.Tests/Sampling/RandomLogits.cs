using Brickwork.Inference.Sampling;

namespace Brickwork.Inference.Tests.Sampling;

/// <summary>Logits for the laws of sampling: many sizes, coarse values so that ties are common, some banned tokens.</summary>
static class RandomLogits
{
    internal static IEnumerable<float[]> Many(int cases = 200)
    {
        var random = new SeededRandom(cases);
        for (var index = 0; index < cases; index++)
        {
            var logits = new float[1 + random.NextInt32(60)];
            foreach (ref var logit in logits.AsSpan())
                logit = random.NextInt32(12) == 0 ? float.NegativeInfinity : (random.NextInt32(21) - 10) / 2f;
            logits[random.NextInt32(logits.Length)] = 1;
            yield return logits;
        }
    }

    internal static Candidates Load(float[] logits)
    {
        var candidates = new Candidates(logits.Length);
        candidates.Load(logits);
        return candidates;
    }

    internal static int[] Ids(this Candidates candidates) => [.. Enumerable.Range(0, candidates.Count).Select(candidates.Id)];

    /// <summary>Token ids, likeliest first, lower id first among equals; banned tokens left out.</summary>
    internal static int[] Ranked(float[] logits) =>
        [.. Enumerable.Range(0, logits.Length).Where(id => !float.IsNegativeInfinity(logits[id])).OrderByDescending(id => logits[id]).ThenBy(id => id)];

    internal static double[] Softmax(float[] logits)
    {
        var weights = logits.Select(logit => Math.Exp((double)logit - logits.Max())).ToArray();
        return [.. weights.Select(weight => weight / weights.Sum())];
    }
}
