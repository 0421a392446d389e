namespace Brickwork.Inference.Tests.Speculation;

public sealed class SpeculativeTextTests(Stories stories) : IClassFixture<Stories>, IDisposable
{
    const string Prompt = "Once upon a time";

    readonly LanguageModel _small = SmallStories.Load();
    readonly Generator _generator = stories.Model.CreateGenerator(Stories.Exact);

    public void Dispose()
    {
        _generator.Dispose();
        _small.Dispose();
    }

    public static TheoryData<int?> Lengths => [null, 1, 4, 17];

    [Theory, MemberData(nameof(Lengths))]
    public void A_greedy_text_is_the_published_one(int? tokens)
    {
        foreach (var speculation in (SpeculationOptions[])[new PromptLookup { DraftTokens = tokens }, new DraftModel(_small) { DraftTokens = tokens }])
        {
            var generated = _generator.Generate("", Stories.Greedy with { MaxTokens = 256, Speculation = speculation });
            generated.Text.ShouldBe(Stories.Expected("expected-greedy-256.txt"));
            generated.End.Timing.Tokens.ShouldBe(256);
        }
    }

    [Theory, MemberData(nameof(Lengths))]
    public void A_text_drawn_with_lookup_is_that_of_plain_writing(int? tokens)
    {
        for (var seed = 0; seed < 5; seed++)
        {
            var plain = Sampled(seed);
            var guessed = _generator.Generate(Prompt, plain with { Speculation = new PromptLookup { DraftTokens = tokens } });
            guessed.Ids.ShouldBe(_generator.Generate(Prompt, plain).Ids);
        }
    }

    [Fact]
    public void A_text_drawn_with_a_draft_model_depends_on_its_seed_but_not_on_the_number_of_guesses()
    {
        var texts = new HashSet<string>();
        for (var seed = 0; seed < 5; seed++)
        {
            var expected = _generator.Generate(Prompt, With(seed, 1));
            texts.Add(expected.Text);
            foreach (var tokens in (int[])[1, 2, 3, 7, 16])
                _generator.Generate(Prompt, With(seed, tokens)).Ids.ShouldBe(expected.Ids, $"seed {seed}, {tokens} guesses");
        }

        texts.Count.ShouldBe(5);
    }

    [Fact]
    public void A_drawn_text_does_not_depend_on_what_the_clock_measures()
    {
        var expected = _generator.Generate(Prompt, With(seed: 3, tokens: 4));
        var passes = new HashSet<int>();
        for (var clock = 0; clock < 8; clock++)
        {
            using var generator = new Generator(stories.Model, Stories.Exact, new RandomClock(clock));
            var generated = generator.Generate(Prompt, With(seed: 3, tokens: null));
            generated.Ids.ShouldBe(expected.Ids);
            passes.Add(generated.End.Timing.Passes);
        }

        passes.Count.ShouldBeGreaterThan(2, "the clocks must have led to different numbers of guesses");
    }

    [Fact]
    public void Penalties_and_mirostat_see_what_plain_writing_shows_them()
    {
        var penalties = new SamplingOptions { Seed = 2, RepeatPenalty = 1.3f, FrequencyPenalty = 0.2f, PenaltyWindow = 12 };
        foreach (var sampling in (SamplingOptions[])[penalties, penalties with { Temperature = 0 }, penalties with { Mirostat = new Mirostat { TargetSurprise = 3 } }])
        {
            var plain = Stories.Greedy with { Sampling = sampling, MaxTokens = 60 };
            _generator.Generate(Prompt, plain with { Speculation = new PromptLookup { DraftTokens = 6 } }).Ids.ShouldBe(_generator.Generate(Prompt, plain).Ids);
            var drafted = _generator.Generate(Prompt, plain with { Speculation = new DraftModel(_small) { DraftTokens = 6 } });
            drafted.Ids.ShouldBe(_generator.Generate(Prompt, plain with { Speculation = new DraftModel(_small) { DraftTokens = 2 } }).Ids);
        }
    }

    [Fact]
    public void A_model_that_guesses_for_itself_is_always_right()
    {
        var options = Stories.Greedy with { MaxTokens = 50, Speculation = new DraftModel(stories.Model) { DraftTokens = 6 } };
        foreach (var sampling in (SamplingOptions[])[SamplingOptions.Greedy, new() { Seed = 9, RepeatPenalty = 1.2f }])
        {
            var timing = _generator.Generate(Prompt, options with { Sampling = sampling }).End.Timing;
            // One pass reads the prompt; those after it give seven tokens each, the last as many as are left.
            timing.Passes.ShouldBe(1 + 7);
            timing.TokensPerPass.ShouldBe(50 / 8.0);
        }
    }

    [Fact]
    public void Guesses_are_counted()
    {
        var plain = _generator.Generate(Prompt, Stories.Greedy).End.Timing;
        (plain.Passes, plain.Drafted, plain.Accepted, plain.TokensPerPass).ShouldBe((40, 0, 0, 1.0));

        var timing = _generator.Generate(Prompt, Stories.Greedy with { Speculation = new DraftModel(_small) { DraftTokens = 4 } }).End.Timing;
        timing.Accepted.ShouldBe(timing.Tokens - timing.Passes);
        timing.Drafted.ShouldBeInRange(timing.Accepted + 1, 4 * (timing.Passes - 1));
        timing.Passes.ShouldBeLessThan(35);
    }

    [Fact]
    public void A_stop_string_across_guesses_ends_the_text_before_it()
    {
        var whole = _generator.Generate(Prompt, Stories.Greedy).Text;
        var options = Stories.Greedy with { Stop = ["never", "girl na"], Speculation = new DraftModel(stories.Model) { DraftTokens = 16 } };

        var stopped = _generator.Generate(Prompt, options);

        stopped.Text.ShouldBe(whole[..whole.IndexOf("girl na", StringComparison.Ordinal)]);
        stopped.End.StopString.ShouldBe("girl na");
        stopped.Pieces.Count(piece => piece.End != null).ShouldBe(1);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(23)]
    public void The_number_of_tokens_is_kept(int tokens)
    {
        var generated = _generator.Generate(Prompt, Stories.Greedy with { MaxTokens = tokens, Speculation = new DraftModel(stories.Model) { DraftTokens = 9 } });
        generated.Ids.Count.ShouldBe(tokens);
        generated.End.Reason.ShouldBe(FinishReason.Length);
    }

    [Theory]
    [InlineData(ContextOverflow.Stop)]
    [InlineData(ContextOverflow.Slide)]
    public void A_full_context_is_met_at_the_same_token(ContextOverflow overflow)
    {
        using var small = stories.Model.CreateGenerator(Stories.Exact with { Context = 20 });
        var plain = Stories.Greedy with { MaxTokens = 60, Overflow = overflow };
        var expected = small.Generate(Prompt, plain);
        foreach (var speculation in (SpeculationOptions[])[new PromptLookup { DraftTokens = 8 }, new DraftModel(_small) { DraftTokens = 8 }, new DraftModel(stories.Model)])
        {
            var guessed = small.Generate(Prompt, plain with { Speculation = speculation });
            guessed.Ids.ShouldBe(expected.Ids);
            guessed.End.Reason.ShouldBe(expected.End.Reason);
        }
    }

    [Fact]
    public void Where_the_context_of_the_draft_model_ends_writing_goes_on_without_guesses()
    {
        using var file = CheckpointFile.Open(Stories.Path);
        using var brief = LanguageModel.Load(Stories.Path, new LoadOptions { Precision = Precision.Exact, Threads = 1, Context = 32 });
        brief.Config.Context.ShouldBe(32);
        for (var seed = 0; seed < 3; seed++)
        {
            var expected = _generator.Generate(Prompt, Sampled(seed) with { Speculation = new DraftModel(brief) { DraftTokens = 1 } });
            var guessed = _generator.Generate(Prompt, Sampled(seed) with { Speculation = new DraftModel(brief) { DraftTokens = 7 } });
            guessed.Ids.ShouldBe(expected.Ids);
            guessed.Ids.Count.ShouldBe(60);
            guessed.End.Timing.Drafted.ShouldBeLessThan(60);
        }
    }

    [Fact]
    public void Cancelling_ends_the_text_after_the_pass_under_way()
    {
        using var cancel = new CancellationTokenSource();
        List<GeneratedPiece> pieces = [];
        foreach (var piece in _generator.Stream(Prompt, Stories.Greedy with { Speculation = new DraftModel(stories.Model) { DraftTokens = 3 } }, cancel.Token))
        {
            pieces.Add(piece);
            cancel.Cancel();
        }

        // The first pass gave one piece; the cancelled end is the only other.
        pieces.Count.ShouldBe(2);
        pieces[^1].End.ShouldNotBeNull().Reason.ShouldBe(FinishReason.Cancelled);
    }

    [Fact]
    public void Texts_written_side_by_side_are_those_written_alone()
    {
        string[] prompts = ["Once upon a time", "Tim", "Lily and Tom and Lily and", ""];
        foreach (var speculation in (SpeculationOptions[])[new PromptLookup(), new DraftModel(_small) { DraftTokens = 3 }, new DraftModel(_small)])
        {
            var options = Sampled(4) with { Speculation = speculation };
            var together = _generator.GenerateAll(prompts, options, atOnce: 3);
            foreach (var (prompt, found) in prompts.Zip(together))
                found.Ids.ShouldBe(_generator.Generate(prompt, options).Ids);
        }
    }

    [Fact]
    public void Log_probabilities_are_those_of_plain_writing()
    {
        var plain = Stories.Greedy with { Sampling = SamplingOptions.Greedy with { LogProbabilities = 2 } };
        var guessed = _generator.Generate(Prompt, plain with { Speculation = new DraftModel(_small) { DraftTokens = 5 } });
        guessed.Pieces.Select(piece => piece.LogProbability).ShouldBe(_generator.Generate(Prompt, plain).Pieces.Select(piece => piece.LogProbability));
    }

    static GenerationOptions Sampled(int seed) => Stories.Greedy with { Sampling = new SamplingOptions { Temperature = 1, Seed = seed }, MaxTokens = 60 };

    GenerationOptions With(int seed, int? tokens) => Sampled(seed) with { Speculation = new DraftModel(_small) { DraftTokens = tokens } };
}
