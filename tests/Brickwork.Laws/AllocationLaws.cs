using Brickwork.TestKit;

namespace Brickwork.Laws;

/// <summary>In the steady state of writing a text, nothing is left for the garbage collector.</summary>
/// <remarks>What grows with the text itself is outside: a page for every 64 positions, the list of tokens, the angles of new positions.</remarks>
public class AllocationLaws
{
    const int Page = 64;
    const int WarmSteps = 2;

    // A thread takes its scratch memory when it first meets a kind of work, which may be in any of the first texts.
    const int MostTexts = 6;

    [Theory, MemberData(nameof(EveryModel.Picos), MemberType = typeof(EveryModel))]
    public void A_decoded_token_allocates_nothing(string name) =>
        ShouldAllocateNothing(options => EveryModel.Load(name, options), [1, 2], [1, 4], Enum.GetValues<CacheType>());

    [Fact]
    public void A_decoded_token_of_a_trained_model_allocates_nothing() =>
        ShouldAllocateNothing(options => LanguageModel.Load(options: options), [1, 2], [1, 4], [CacheType.F16]);

    [SkippableTheory, MemberData(nameof(Files))]
    public void A_decoded_token_of_no_family_allocates(string name) =>
        ShouldAllocateNothing(options => EveryModel.Load(name, options), [2], [2], [CacheType.F16]);

    [Fact]
    public void A_token_far_into_a_text_allocates_nothing()
    {
        foreach (var precision in Enum.GetValues<Precision>())
        {
            // Two threads share the blocks of a context of more than 512 positions.
            using var model = EveryModel.Load("pico-llama-q8_0", new LoadOptions { Threads = 2, Precision = precision, Context = 2048 });
            Allocated(model, new RunnerOptions(), count: 1, longest: 1024).ShouldBe(0, $"{precision}");
        }
    }

    [Theory, MemberData(nameof(Ways))]
    public void A_chosen_token_allocates_nothing(string way)
    {
        float[] logits = [.. Enumerable.Range(0, 4000).Select(id => (float)Math.Sin(id * id))];
        var sampler = new Sampler(Sampling[way], logits.Length);
        var least = long.MaxValue;
        // More than once, because a collection that other tests cause may empty the pools of this thread.
        for (var text = 0; least > 0 && text < MostTexts; text++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var step = 0; step < 100; step++)
                sampler.Next(logits);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        least.ShouldBe(0);
    }

    [Fact]
    public void A_generated_token_leaves_nothing_but_its_piece()
    {
        // A trained model: random bytes would make the decoder replace what is no UTF-8, and that takes memory.
        using var model = LanguageModel.Load(options: new LoadOptions { Threads = 1 });
        using var generator = model.CreateGenerator();
        var endless = model.Tokenizer.EndOfGeneration.ToDictionary(id => id, _ => float.NegativeInfinity);
        var options = new GenerationOptions { Sampling = new SamplingOptions { LogitBias = endless } };
        var least = long.MaxValue;

        for (var text = 0; least > 0 && text < MostTexts; text++)
        {
            var (pieces, allocated) = Write(generator, options);
            least = Math.Min(least, allocated - BytesOf(pieces.AsSpan(WarmSteps)));
        }

        least.ShouldBe(0);
    }

    /// <summary>What the pieces themselves take: as much as copies of them.</summary>
    static long BytesOf(Span<GeneratedPiece> pieces)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (ref var piece in pieces)
            piece = piece with { Text = new string(piece.Text.AsSpan()) };
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    /// <summary>The pieces of a text within one page, and what those after the first allocated.</summary>
    static (GeneratedPiece[] Pieces, long Allocated) Write(Generator generator, GenerationOptions options)
    {
        var pieces = new GeneratedPiece[Page - 2];
        var (count, before) = (0, 0L);
        foreach (var piece in generator.Stream([1], options).Take(pieces.Length))
        {
            pieces[count++] = piece;
            if (count == WarmSteps)
                before = GC.GetAllocatedBytesForCurrentThread();
        }
        return (pieces, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    public static TheoryData<string> Ways() => [.. Sampling.Keys];

    public static TheoryData<string> Files() => [.. EveryModel.FileNames];

    static readonly Dictionary<string, SamplingOptions> Sampling = new()
    {
        ["greedy"] = SamplingOptions.Greedy,
        ["default"] = new(),
        ["temperature"] = new() { TopK = null, TopP = null, MinP = null },
        ["top-p"] = new() { TopK = null, MinP = null },
        ["min-p"] = new() { TopK = null, TopP = null },
        ["typical"] = new() { TopK = null, TypicalP = 0.7f },
        ["mirostat"] = new() { Mirostat = new Mirostat() },
        ["penalties"] = new() { RepeatPenalty = 1.1f, PresencePenalty = 0.1f, FrequencyPenalty = 0.1f },
        ["bias"] = new() { LogitBias = new Dictionary<int, float> { [5] = 1, [6] = float.NegativeInfinity } },
        ["log-probability"] = new() { LogProbabilities = 0 },
    };

    static void ShouldAllocateNothing(
        Func<LoadOptions, LanguageModel> load, int[] threadCounts, int[] sequenceCounts, CacheType[] caches)
    {
        foreach (var precision in Enum.GetValues<Precision>())
            foreach (var threads in threadCounts)
            {
                using var model = load(new LoadOptions { Threads = threads, Precision = precision });
                Skip.IfNot(Rows.ReadsInPieces(model), "the tokens of this model look ahead");
                foreach (var cache in caches)
                    foreach (var sequences in sequenceCounts)
                        Allocated(model, new RunnerOptions { CacheType = cache }, sequences)
                            .ShouldBe(0, $"{precision}, {threads} threads, {sequences} sequences, {cache}");
            }
    }

    /// <summary>Bytes that the team's threads allocate while some texts are written.</summary>
    static long Allocated(LanguageModel model, RunnerOptions options, int count, int longest = Page)
    {
        using var runner = model.CreateRunner(options);
        var least = long.MaxValue;
        for (var text = 0; least > 0 && text < MostTexts; text++)
            least = Math.Min(least, AllocatedBy(model, runner, count, Math.Min(longest, runner.Context / 2)));
        return least;
    }

    static long AllocatedBy(LanguageModel model, ModelRunner runner, int count, int prompt)
    {
        Sequence[] sequences = [.. Enumerable.Range(0, count).Select(_ => runner.StartSequence())];
        Sampler[] samplers = [.. Enumerable.Range(0, count).Select(seed => new Sampler(Mixed(seed), model.Config.Vocabulary))];
        var batch = new Batch();
        // Where the prompt ends, the page and the list of tokens are full; the warm steps make them grow to twice that.
        foreach (var sequence in sequences)
            runner.Forward(sequence, Rows.Tokens(model, prompt), LogitRows.None);
        var tokens = new int[count];
        var counter = new AllocatedBytes(model.Compute);
        Write(runner, batch, sequences, samplers, tokens, WarmSteps);
        counter.Now();
        var before = counter.Now();
        Write(runner, batch, sequences, samplers, tokens, Math.Min(prompt, Page) - WarmSteps);
        var after = counter.Now();
        foreach (var sequence in sequences)
            sequence.Dispose();
        return after - before;
    }

    static void Write(ModelRunner runner, Batch batch, Sequence[] sequences, Sampler[] samplers, int[] tokens, int steps)
    {
        for (var step = 0; step < steps; step++)
        {
            batch.Clear();
            for (var index = 0; index < sequences.Length; index++)
                batch.Add(sequences[index], tokens.AsSpan(index, 1));
            var logits = runner.Forward(batch);
            for (var index = 0; index < sequences.Length; index++)
                tokens[index] = samplers[index].Next(logits.Row(index)).Id;
        }
    }

    static SamplingOptions Mixed(int seed) => seed == 0 ? SamplingOptions.Greedy : new SamplingOptions { Seed = seed };
}
