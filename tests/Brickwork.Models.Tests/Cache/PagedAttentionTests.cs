using System.Collections.Concurrent;
using Brickwork.Kernels.Attention;
using Brickwork.Models.Cache;

namespace Brickwork.Models.Tests.Cache;

public sealed class PagedAttentionTests
{
    // Chains of up to 600 roundings of weighted values of magnitude 2.
    const double Float32 = 3e-6;

    static readonly ConcurrentDictionary<(string Form, int Length), float[]> References = new();

    static readonly Dictionary<string, AttentionOptions> Forms = new()
    {
        ["causal"] = AttentionCase.Form(),
        ["one head"] = AttentionCase.Form(1, 1, 64),
        ["one kv head"] = AttentionCase.Form(7, 1, 8),
        ["each its own"] = AttentionCase.Form(3, 3, 20),
        ["latent"] = AttentionCase.Form(5, 1, 72, 64),
        ["narrow values"] = AttentionCase.Form(2, 1, 16, 5),
        ["wide values"] = AttentionCase.Form(6, 2, 24, 80),
        ["sliding"] = AttentionCase.Form() with { Mask = AttentionMask.SlidingWindow(70) },
        ["sliding by one"] = AttentionCase.Form() with { Mask = AttentionMask.SlidingWindow(1) },
        ["chunked"] = AttentionCase.Form() with { Mask = AttentionMask.Chunked(50) },
        ["soft cap"] = AttentionCase.Form() with { SoftCap = 2 },
        ["sinks"] = AttentionCase.Form() with { Sinks = [-1, 0.5f, 3, 8] },
        ["alibi"] = AttentionCase.Form() with { AlibiSlopes = AttentionOptions.AlibiSlopesFor(4) },
        ["all together"] = AttentionCase.Form(6, 2, 40) with
        {
            SoftCap = 3, Sinks = [0, 1, 2, 3, 4, 5],
            AlibiSlopes = AttentionOptions.AlibiSlopesFor(6), Mask = AttentionMask.SlidingWindow(130),
        },
    };

    public static TheoryData<string, InstructionSet> FormsAndPaths()
    {
        var data = new TheoryData<string, InstructionSet>();
        foreach (var form in Forms.Keys)
            foreach (var path in InstructionSets.Supported.Where(path => path != InstructionSet.Reference))
                data.Add(form, path);
        return data;
    }

    [Theory]
    [MemberData(nameof(FormsAndPaths))]
    public void Every_form_matches_the_reference_across_page_and_block_borders(string form, InstructionSet path)
    {
        foreach (var length in new[] { 1, 2, 63, 64, 65, 129, 530 })
        {
            var attention = new AttentionCase(Forms[form], length);
            var expected = References.GetOrAdd((form, length), _ => attention.Run(InstructionSet.Reference, 1, length));
            ShouldBeClose(attention.Run(path, 2, length), expected, $"{form} of {length} on {path}");
        }
    }

    [Theory]
    [MemberData(nameof(FormsAndPaths))]
    public void Pieces_of_a_prompt_and_numbers_of_threads_change_no_bit(string form, InstructionSet path)
    {
        var attention = new AttentionCase(Forms[form], 540);
        var whole = attention.Run(path, 1, 540);
        ShouldBeSameBits(attention.Run(path, 2, 540), whole);
        ShouldBeSameBits(attention.Run(path, 3, 1, 2, 61, 64, 65, 128, 197, 18), whole);
        ShouldBeSameBits(attention.Run(path, 1, 537), whole);
    }

    [Theory]
    [InlineData(InstructionSet.Reference)]
    [InlineData(InstructionSet.Vector)]
    public void A_bidirectional_model_looks_ahead(InstructionSet path)
    {
        foreach (var mask in new[] { AttentionMask.Full, AttentionMask.SymmetricWindow(20) })
        {
            var attention = new AttentionCase(AttentionCase.Form() with { Mask = mask }, 100);
            var expected = Direct(attention);
            ShouldBeClose(attention.Run(path, 2, 100), expected, $"{mask} on {path}");
        }
    }

    [Theory]
    [InlineData(CacheType.F16, 2e-3)]
    [InlineData(CacheType.Q8_0, 3e-2)]
    [InlineData(CacheType.Q4_0, 0.6)]
    public void Smaller_cache_types_lose_only_their_rounding(CacheType type, double tolerance)
    {
        foreach (var options in new[] { AttentionCase.Form(), AttentionCase.Form(3, 3, 40, 80) })
        {
            var exact = new AttentionCase(options, 150).Run(InstructionSet.Reference, 1, 150);
            var small = new AttentionCase(options, 150, type);
            var reference = small.Run(InstructionSet.Reference, 1, 150);
            ShouldBeClose(reference, exact, $"{type} beside F32", tolerance);
            reference.ShouldNotBe(exact);
            foreach (var path in InstructionSets.Supported)
            {
                ShouldBeClose(small.Run(path, 2, 150), reference, $"{type} on {path}");
                ShouldBeSameBits(small.Run(path, 1, 40, 24, 70), small.Run(path, 3, 150));
            }
        }
    }

    [Theory]
    [InlineData(CacheType.F32)]
    [InlineData(CacheType.Q8_0)]
    [InlineData(CacheType.Q4_0)]
    public void A_sequence_gives_the_same_bits_alone_and_in_any_batch(CacheType type)
    {
        AttentionCase[] cases = [.. new[] { 5, 64, 130, 700 }.Select(n => new AttentionCase(AttentionCase.Form(), n, type, seed: n))];
        using var compute = new Compute(2);
        using var pool = new PagePool();
        KeyValueCache[] caches = [.. cases.Select(one => new KeyValueCache(pool, one.Shape))];
        var columns = cases[0].Queries.Columns;
        var last = Tensor.Zeros(cases.Length, columns);
        var segments = new AttentionSegment[cases.Length];
        for (var i = 0; i < cases.Length; i++)
        {
            caches[i].Append(compute, cases[i].Keys, cases[i].Values);
            cases[i].Queries.Row(cases[i].Length - 1).CopyTo(last.Row(i));
            segments[i] = new AttentionSegment(caches[i], i, 1, cases[i].Length - 1);
        }
        var together = Tensor.Zeros(cases.Length, columns);
        AttentionCase.Attend(compute, last, segments, cases[0].Options, together);
        for (var i = 0; i < cases.Length; i++)
            ShouldBeSameBits(together.Row(i).ToArray(), cases[i].Run(compute.InstructionSet, 1, cases[i].Length)[^columns..]);
    }

    [Fact]
    public void A_window_of_the_cache_drops_pages_and_changes_no_bit()
    {
        var options = AttentionCase.Form() with { Mask = AttentionMask.SlidingWindow(100) };
        var kept = new AttentionCase(options, 1300).Run(InstructionSets.Default, 2, 300, 200, 700);
        var dropped = new AttentionCase(options, 1300, window: 100);
        ShouldBeSameBits(dropped.Run(InstructionSets.Default, 2, 300, 200, 700), kept);
        ShouldBeClose(dropped.Run(InstructionSet.Reference, 1, 300, 200, 700), kept, "windowed reference");
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        var attention = new AttentionCase(AttentionCase.Form(), 10);
        using var compute = new Compute(1);
        using var pool = new PagePool();
        using var cache = new KeyValueCache(pool, attention.Shape);
        var output = Tensor.Zeros(10, 64);
        Should.Throw<ArgumentException>(() => AttentionCase.Attend(
            compute, attention.Queries, [new AttentionSegment(cache, 0, 10, 0)], attention.Options, output));
        cache.Append(compute, attention.Keys, attention.Values);
        Should.Throw<ArgumentException>(() => AttentionCase.Attend(
            compute, attention.Queries, [new AttentionSegment(cache, 1, 10, 0)], attention.Options, output));
        Should.Throw<ArgumentException>(() => cache.Append(compute, attention.Keys, attention.Queries));
        Should.Throw<ArgumentException>(() => AttentionCase.Attend(
            compute, attention.Queries, [new AttentionSegment(cache, 0, 10, 0)], attention.Options with { KvHeads = 3 }, output));
    }

    /// <summary>Attention without a cache, straight from the definition.</summary>
    static float[] Direct(AttentionCase one)
    {
        var options = one.Options;
        var output = new float[one.Length * options.Heads * options.ValueWidth];
        for (var t = 0; t < one.Length; t++)
            for (var head = 0; head < options.Heads; head++)
            {
                var kv = head / options.Group;
                var weights = new double[one.Length];
                for (var s = options.Mask.Start(t); s < options.Mask.End(t, one.Length); s++)
                {
                    var dot = 0.0;
                    for (var i = 0; i < options.KeyWidth; i++)
                        dot += (double)one.Queries.Row(t)[head * options.KeyWidth + i] * one.Keys.Row(s)[kv * options.KeyWidth + i];
                    weights[s] = Math.Exp(dot * options.Scale);
                }
                for (var i = 0; i < options.ValueWidth; i++)
                {
                    var column = kv * options.ValueWidth + i;
                    var sum = Enumerable.Range(0, one.Length).Sum(s => weights[s] * one.Values.Row(s)[column]);
                    output[(t * options.Heads + head) * options.ValueWidth + i] = (float)(sum / weights.Sum());
                }
            }
        return output;
    }

    static void ShouldBeClose(float[] actual, float[] expected, string what, double tolerance = Float32)
    {
        actual.Length.ShouldBe(expected.Length);
        for (var i = 0; i < actual.Length; i++)
            if (!(Math.Abs(actual[i] - expected[i]) <= tolerance))
                Assert.Fail($"{what}: value {i} is {actual[i]:R}, expected {expected[i]:R}.");
    }

    static void ShouldBeSameBits(float[] actual, float[] expected) => actual.AsSpan().SequenceEqual(expected).ShouldBeTrue();
}
