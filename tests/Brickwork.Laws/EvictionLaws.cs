using Brickwork.Kernels.Attention;
using Brickwork.Models.Parts;
using Brickwork.Models.Running;
using Brickwork.Models.Slots;

namespace Brickwork.Laws;

/// <summary>What must hold when keys and values are given up.</summary>
public class EvictionLaws
{
    static readonly Dictionary<string, Func<int, EvictionPolicy>> Policies = new()
    {
        ["streaming"] = budget => new StreamingEviction { Budget = budget },
        ["window alone"] = budget => new StreamingEviction { Budget = budget, Sinks = 0 },
        ["h2o"] = budget => new HeavyHitterEviction { Budget = budget },
        ["snapkv"] = budget => new SnapEviction { Budget = budget },
    };

    public static TheoryData<string, string> EveryModelAndPolicy() => Pairs([.. EveryModel.PicoNames, .. EveryModel.FileNames]);

    public static TheoryData<string, string> PicosAndPolicies() => Pairs(["pico-llama-f32", "pico-mixture-q5_1", "pico-windowed-f32"]);

    [SkippableTheory, MemberData(nameof(EveryModelAndPolicy))]
    public void A_budget_that_holds_the_whole_text_changes_no_bit(string name, string policy)
    {
        using var model = EveryModel.Load(name, new LoadOptions { Threads = 2 });
        var tokens = Rows.Tokens(model, 70);

        var found = Story(model, tokens, Options(policy, tokens.Length + 1));

        found.ShouldHaveTheBitsOf(Story(model, tokens, new RunnerOptions()), policy);
    }

    [SkippableTheory, MemberData(nameof(EveryModelAndPolicy))]
    public void Threads_chunks_and_neighbours_change_no_bit(string name, string policy)
    {
        using var model = EveryModel.Load(name, new LoadOptions { Threads = 1 });
        using var threads = EveryModel.Load(name, new LoadOptions { Threads = 3 });
        var tokens = Rows.Tokens(model, 120);
        var options = Options(policy, 40);
        var whole = Story(model, tokens, options);

        Story(threads, tokens, options).ShouldHaveTheBitsOf(whole, "3 threads");
        Story(model, tokens, options with { ChunkRows = 7 }).ShouldHaveTheBitsOf(whole, "chunks of 7");
        Story(model, tokens, options, pieces: 5).ShouldHaveTheBitsOf(whole, "5 tokens at a time");
        Story(model, tokens, options, withNeighbour: true).ShouldHaveTheBitsOf(whole, "beside another text");
    }

    [SkippableTheory, MemberData(nameof(PicosAndPolicies))]
    public void A_saved_sequence_continues_identically(string name, string policy)
    {
        using var model = EveryModel.Load(name, new LoadOptions { Threads = 1 });
        using var runner = model.CreateRunner(Options(policy, 40) with { CacheType = CacheType.Q4_0 });
        var tokens = Rows.Tokens(model, 100);
        using var sequence = runner.StartSequence();
        runner.Forward(sequence, tokens);
        using var file = new MemoryStream();
        sequence.Save(file);
        var expected = Rows.Feed(runner, sequence, tokens.AsSpan(0, 20));

        file.Position = 0;
        using var loaded = runner.LoadSequence(file);
        Rows.Feed(runner, loaded, tokens.AsSpan(0, 20)).ShouldHaveTheBitsOf(expected, "after loading");

        using var dense = model.CreateRunner(new RunnerOptions { CacheType = CacheType.Q4_0 });
        file.Position = 0;
        Should.Throw<CheckpointException>(() => dense.LoadSequence(file)).NextStep.ShouldContain("eviction");
    }

    [SkippableTheory, MemberData(nameof(PicosAndPolicies))]
    public void A_sequence_that_cannot_go_back_is_empty_and_one_that_can_is_exact(string name, string policy)
    {
        using var model = EveryModel.Load(name, new LoadOptions { Threads = 1 });
        var tokens = Rows.Tokens(model, 100);
        foreach (var length in (int[])[0, 20, 99, 100])
        {
            using var runner = model.CreateRunner(Options(policy, 40));
            using var sequence = runner.StartSequence();
            runner.Forward(sequence, tokens.AsSpan(0, 70));
            Rows.Feed(runner, sequence, tokens.AsSpan(70));
            var expected = Story(model, tokens, Options(policy, 40));

            var exact = sequence.TryTruncate(length);

            sequence.Length.ShouldBe(exact ? length : 0);

            if (sequence.Length < 70)
            {
                sequence.TryTruncate(0);
                runner.Forward(sequence, tokens.AsSpan(0, 70));
            }
            expected = expected[^(tokens.Length - sequence.Length)..];
            if (expected.Count > 0)
                Rows.Feed(runner, sequence, tokens.AsSpan(sequence.Length)).ShouldHaveTheBitsOf(expected, $"back to {length}");
        }
    }

    [SkippableTheory, MemberData(nameof(PicosAndPolicies))]
    public void Memory_does_not_grow_with_the_text(string name, string policy)
    {
        using var model = EveryModel.Load(name, new LoadOptions { Threads = 1 });
        using var runner = model.CreateRunner(Options(policy, 40) with { Context = 4096 });
        using var sequence = runner.StartSequence();
        var sizes = new List<long>();
        // Whole pages at a time, so that pages always begin and end at the same places of a window.
        for (var fed = 0; fed < 2000; fed += 384)
        {
            runner.Forward(sequence, Enumerable.Range(0, 383).Select(index => (index * 37 + fed) % 300).ToArray());
            // Of a prompt something is given up when the next pass begins.
            runner.Forward(sequence, [5]);
            sizes.Add(sequence.CacheBytes);
        }

        sizes.ShouldAllBe(size => size == sizes[0]);
        // Sinks and a window that begins and ends within pages; or one page and the token after it.
        var layers = model.Decoder.Layers.Count;
        sizes[0].ShouldBeLessThanOrEqualTo(layers * 3 * new KeyValuePage(CacheType.F16, 16, 16).Bytes);
    }

    [SkippableTheory, MemberData(nameof(EveryModel.All), MemberType = typeof(EveryModel))]
    public void One_layer_sees_sinks_and_window_as_if_they_were_the_whole_text(string name)
    {
        using var whole = EveryModel.Load(name, new LoadOptions { Threads = 1, Precision = Precision.Exact });
        using var model = whole.With(whole.Decoder with { Layers = [.. whole.Decoder.Layers.Take(1)] });
        var stateful = PartTree.Walk(model.Decoder.Layers[0]).Select(slot => slot.Part).OfType<IStateful>().ToList();
        Skip.IfNot(stateful is [Attention { Options.Mask.Kind: MaskKind.Causal } or GatedAttention or LatentAttention], "other memory");
        Skip.If(whole.Decoder.Layers.Count > 1 && name.Contains("gemma4", StringComparison.Ordinal), "lends to later layers");
        var options = new RunnerOptions { CacheType = CacheType.F32, Eviction = new StreamingEviction { Budget = 24, Sinks = 3 } };
        var tokens = Rows.Tokens(model, 60);
        List<float[]> found;
        try
        {
            found = Rows.Of(model, tokens, options);
        }
        catch (UnsupportedModelException fault)
        {
            throw new SkipException(fault.Message);
        }

        foreach (var row in (int[])[23, 24, 25, 40, 59])
        {
            int[] kept = [.. tokens[..3], .. tokens[(row - 20)..(row + 1)]];
            var expected = Rows.Of(model, kept, new RunnerOptions { CacheType = CacheType.F32 })[^1];
            var scale = expected.Max(MathF.Abs);
            for (var i = 0; i < expected.Length; i++)
                found[row][i].ShouldBe(expected[i], 3e-5f * scale, $"row {row} value {i}");
        }
    }

    static TheoryData<string, string> Pairs(IEnumerable<string> names)
    {
        var data = new TheoryData<string, string>();
        foreach (var name in names)
            foreach (var policy in Policies.Keys)
                data.Add(name, policy);
        return data;
    }

    static RunnerOptions Options(string policy, int budget) => new() { Eviction = Policies[policy](budget) };

    /// <summary>A prompt of 70 % and then the rest; the outputs of the prompt's last token and of the rest.</summary>
    static List<float[]> Story(LanguageModel model, int[] tokens, RunnerOptions options, int? pieces = null, bool withNeighbour = false)
    {
        try
        {
            using var runner = model.CreateRunner(options);
            using var sequence = runner.StartSequence();
            using var neighbour = runner.StartSequence();
            var prompt = tokens.AsSpan(0, tokens.Length * 7 / 10);
            for (; pieces is { } most && prompt.Length > most; prompt = prompt[most..])
                runner.Forward(sequence, prompt[..most], LogitRows.None);
            var batch = new Batch();
            if (withNeighbour)
                batch.Add(neighbour, Rows.Tokens(model, 50, seed: 4));
            var rows = new List<float[]> { runner.Forward(batch.Add(sequence, prompt)).Row(withNeighbour ? 1 : 0).ToArray() };
            foreach (var piece in tokens[(tokens.Length * 7 / 10)..].Chunk(pieces ?? tokens.Length))
                rows.AddRange(Rows.Feed(runner, sequence, piece));
            return rows;
        }
        catch (UnsupportedModelException fault)
        {
            throw new SkipException(fault.Message);
        }
    }
}
