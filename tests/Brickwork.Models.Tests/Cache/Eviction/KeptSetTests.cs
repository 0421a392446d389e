using Brickwork.Kernels.Rope;
using Brickwork.Models.Cache.Eviction;
using Brickwork.Models.Parts;
using Brickwork.Models.Slots;
using Brickwork.TestKit;

namespace Brickwork.Models.Tests.Cache.Eviction;

/// <summary>Each head keeps what the papers' rules keep, worked out here from all attention weights of a model of one layer.</summary>
public sealed class KeptSetTests
{
    const int Length = 150;

    [Theory]
    [InlineData(2)]
    [InlineData(9)]
    [InlineData(40)]
    [InlineData(65)]
    [InlineData(149)]
    public void The_heavy_hitters_of_every_head_are_kept(int budget)
    {
        var policy = new HeavyHitterEviction { Budget = budget };
        var found = Run(policy, out var weights);

        for (var head = 0; head < found.Length; head++)
            found[head].ShouldBe(HeavyHitters(weights[head], budget, policy.AtOnce), $"head {head}");
    }

    [Theory]
    [InlineData(33)]
    [InlineData(50)]
    [InlineData(120)]
    public void What_the_end_of_a_prompt_looks_at_is_kept(int budget)
    {
        var found = Run(new SnapEviction { Budget = budget }, out var weights);

        for (var head = 0; head < found.Length; head++)
            found[head].ShouldBe([.. Snapped(weights[head], budget), Length - 1], $"head {head}");
    }

    [Fact]
    public void Heads_keep_different_positions()
    {
        var found = Run(new HeavyHitterEviction { Budget = 40 }, out _);

        found.Length.ShouldBeGreaterThan(1);
        found[0].ShouldNotBe(found[1]);
    }

    /// <summary>H2O, algorithm 1, some at once.</summary>
    static int[] HeavyHitters(Func<int, IReadOnlyList<int>, double[]> weightsOf, int budget, int atOnce)
    {
        var kept = new List<int>();
        var mass = new double[Length];
        for (var position = 0; position < Length; position++)
        {
            if (kept.Count == budget)
            {
                var recent = position - Math.Max(0, budget / 2 - atOnce);
                foreach (var leaving in kept.Where(one => one < recent).OrderBy(one => mass[one]).Take(atOnce).ToList())
                    kept.Remove(leaving);
            }
            kept.Add(position);
            var weights = weightsOf(position, kept);
            for (var i = 0; i < kept.Count; i++)
                mass[kept[i]] += weights[i];
        }
        return [.. kept];
    }

    /// <summary>SnapKV, listing 1, for a prompt of all tokens but the last.</summary>
    static int[] Snapped(Func<int, IReadOnlyList<int>, double[]> weightsOf, int budget)
    {
        const int prompt = Length - 1, window = 32;
        var votes = new double[prompt];
        for (var voter = prompt - window; voter < prompt; voter++)
        {
            var weights = weightsOf(voter, [.. Enumerable.Range(0, voter + 1)]);
            for (var position = 0; position <= voter; position++)
                votes[position] += weights[position];
        }
        var before = prompt - window;
        var pooled = Enumerable.Range(0, before).Select(at => Enumerable.Range(at - 3, 7).Where(near => near >= 0 && near < before).Max(near => votes[near])).ToArray();
        var winners = Enumerable.Range(0, before).OrderByDescending(at => pooled[at]).ThenBy(at => at).Take(budget - window);
        return [.. winners.Concat(Enumerable.Range(before, window)).Order()];
    }

    /// <summary>The positions that each head keeps, and a way to ask for weights: of the query heads of a kv head at a position, over positions.</summary>
    static int[][] Run(EvictionPolicy policy, out Func<int, IReadOnlyList<int>, double[]>[] weights)
    {
        using var plain = LanguageModel.From(PicoModel.LlamaCheckpoint(seed: 7, layers: 1), new LoadOptions { Precision = Precision.Exact, Threads = 2 });
        var (path, part) = PartTree.Walk(plain.Decoder).Single(slot => slot.Part is Attention);
        var attention = (Attention)part;
        var (queries, keys) = (new List<float[]>(), new List<float[]>());
        using var model = plain.With(path, attention with { Query = new SeenRows(attention.Query, queries), Key = new SeenRows(attention.Key, keys) });
        using var runner = model.CreateRunner(new RunnerOptions { CacheType = CacheType.F32, Eviction = policy, ChunkRows = 50 });
        using var sequence = runner.StartSequence();
        var tokens = Enumerable.Range(0, Length).Select(place => (place * 37 + 3) % PicoModel.Vocabulary).ToArray();
        runner.Forward(sequence, tokens.AsSpan(0, Length - 1));
        runner.Forward(sequence, tokens.AsSpan(Length - 1));
        for (var position = 0; position < Length; position++)
        {
            Turn(queries[position], position, attention);
            Turn(keys[position], position, attention);
        }
        weights = [.. Enumerable.Range(0, attention.Options.KvHeads).Select(head =>
            (Func<int, IReadOnlyList<int>, double[]>)((position, seen) => Weights(queries[position], keys, head, seen, attention)))];
        var state = (PrunedState)sequence.States.Single();
        return [.. Enumerable.Range(0, attention.Options.KvHeads).Select(head => state.Positions(head).ToArray().Order().ToArray())];
    }

    static void Turn(float[] row, int position, Attention attention)
    {
        for (var at = 0; at < row.Length; at += attention.Options.KeyWidth)
            RopeKernel.Run(InstructionSet.Reference, attention.Rope!.Style, attention.Rope.Angles(position), row.AsSpan(at, attention.Options.KeyWidth));
    }

    static double[] Weights(float[] query, List<float[]> keys, int kvHead, IReadOnlyList<int> seen, Attention attention)
    {
        var (options, sum) = (attention.Options, new double[seen.Count]);
        for (var head = kvHead * options.Group; head < (kvHead + 1) * options.Group; head++)
        {
            var exponentials = seen.Select(position => Math.Exp(options.Scale * Enumerable.Range(0, options.KeyWidth).Sum(
                i => (double)query[head * options.KeyWidth + i] * keys[position][kvHead * options.KeyWidth + i]))).ToArray();
            for (var i = 0; i < sum.Length; i++)
                sum[i] += exponentials[i] / exponentials.Sum();
        }
        return sum;
    }
}
