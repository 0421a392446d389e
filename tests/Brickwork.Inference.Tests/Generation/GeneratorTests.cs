namespace Brickwork.Inference.Tests.Generation;

public sealed class GeneratorTests(Stories stories) : IClassFixture<Stories>, IDisposable
{
    readonly Generator _generator = stories.Model.CreateGenerator(Stories.Exact);

    public void Dispose() => _generator.Dispose();

    [Fact]
    public void The_greedy_text_from_an_empty_prompt_is_the_published_one()
    {
        var text = _generator.Generate("", Stories.Greedy with { MaxTokens = 256 }).Text;
        text.ShouldBe(Stories.Expected("expected-greedy-256.txt"));
    }

    [Fact]
    public void The_greedy_text_from_a_prompt_is_the_published_one()
    {
        const string Prompt = "Tim had a red ball.";
        // The 128 published steps count the prompt.
        var steps = 128 - stories.Model.Tokenizer.Encode(Prompt, EncodeOptions.None).Length;
        var text = _generator.Generate(Prompt, Stories.Greedy with { MaxTokens = steps }).Text;
        (Prompt + text).ShouldBe(Stories.Expected("expected-greedy-tim.txt"));
    }

    [Fact]
    public void A_text_goes_on_with_the_space_that_belongs_there() =>
        _generator.Generate("Once upon a", Stories.Greedy).Text.ShouldStartWith(" time");

    [Fact]
    public void Pieces_put_together_are_the_decoded_tokens()
    {
        var generated = _generator.Generate("Lily", Stories.Greedy with { Sampling = new SamplingOptions { Seed = 5 } });
        int[] all = [.. stories.Model.Tokenizer.Encode("Lily", EncodeOptions.None), .. generated.Ids];
        stories.Model.Tokenizer.Decode(all).ShouldBe("Lily" + generated.Text);
        generated.Ids.Count.ShouldBe(40);
    }

    [Fact]
    public void Sampling_repeats_with_its_seed()
    {
        var options = Stories.Greedy with { Sampling = new SamplingOptions { Temperature = 1, Seed = 3 } };
        var text = _generator.Generate("One day", options).Text;
        _generator.Generate("One day", options).Text.ShouldBe(text);
        _generator.Generate("One day", options with { Sampling = options.Sampling with { Seed = 4 } }).Text.ShouldNotBe(text);
    }

    [Fact]
    public void A_stop_string_across_tokens_ends_the_text_before_it()
    {
        var whole = _generator.Generate("Once upon a time", Stories.Greedy).Text;
        var at = whole.IndexOf("girl na", StringComparison.Ordinal);
        at.ShouldBeGreaterThan(0, whole);

        var stopped = _generator.Generate("Once upon a time", Stories.Greedy with { Stop = ["never", "girl na"] });
        stopped.Text.ShouldBe(whole[..at]);
        stopped.End.Reason.ShouldBe(FinishReason.Stop);
        stopped.End.StopString.ShouldBe("girl na");
    }

    [Fact]
    public void The_last_piece_and_only_it_says_how_the_text_ended()
    {
        var pieces = _generator.Stream("Once upon a time", Stories.Greedy with { MaxTokens = 7 }).ToList();
        pieces.Count.ShouldBe(7);
        pieces[..^1].ShouldAllBe(piece => piece.End == null);
        var end = pieces[^1].End.ShouldNotBeNull();
        end.Reason.ShouldBe(FinishReason.Length);
        end.Timing.Tokens.ShouldBe(7);
        end.Timing.PromptTokens.ShouldBe(stories.Model.Tokenizer.Encode("Once upon a time", EncodeOptions.AddSpecial).Length);
        end.Timing.Total.ShouldBeGreaterThanOrEqualTo(end.Timing.FirstToken);
    }

    [Fact]
    public void Log_probabilities_come_with_each_token()
    {
        var options = Stories.Greedy with { MaxTokens = 5, Sampling = SamplingOptions.Greedy with { LogProbabilities = 2 } };
        foreach (var piece in _generator.Stream("Once upon", options))
        {
            piece.Top.Count.ShouldBe(2);
            piece.Top[0].ShouldBe(new TokenLogProbability(piece.Id!.Value, piece.LogProbability!.Value));
            piece.LogProbability.Value.ShouldBeLessThan(0);
        }
    }

    [Fact]
    public void A_full_context_ends_the_text()
    {
        using var small = stories.Model.CreateGenerator(Stories.Exact with { Context = 20 });
        var generated = small.Generate("Once upon a time", Stories.Greedy with { MaxTokens = null });
        generated.End.Reason.ShouldBe(FinishReason.ContextFull);
        // The last token is chosen from a full context and not read any more.
        (generated.End.Timing.PromptTokens + generated.Ids.Count).ShouldBe(21);
        generated.Text.ShouldBe(_generator.Generate("Once upon a time", Stories.Greedy with { MaxTokens = generated.Ids.Count }).Text);
    }

    [Fact]
    public void A_sliding_context_goes_on()
    {
        using var small = stories.Model.CreateGenerator(Stories.Exact with { Context = 20 });
        var generated = small.Generate("Once upon a time", Stories.Greedy with { MaxTokens = 60, Overflow = ContextOverflow.Slide });
        generated.End.Reason.ShouldBe(FinishReason.Length);
        generated.Ids.Count.ShouldBe(60);
    }

    [Theory]
    [InlineData(512)]
    [InlineData(100)]
    public void Sinks_and_a_window_write_far_beyond_the_context(int budget)
    {
        using var endless = stories.Model.CreateGenerator(new RunnerOptions { Eviction = new StreamingEviction { Budget = budget } });
        var ends = stories.Model.Tokenizer.EndOfGeneration.Concat([stories.Model.Tokenizer.Bos!.Value]);
        var options = new GenerationOptions
        {
            MaxTokens = 2000,
            Sampling = new SamplingOptions { Temperature = 0.8f, Seed = 1, LogProbabilities = 1, LogitBias = ends.Distinct().ToDictionary(id => id, _ => float.NegativeInfinity) },
        };

        var generated = endless.Generate("Once upon a time", options);

        generated.Ids.Count.ShouldBe(2000);
        generated.Pieces.ShouldAllBe(piece => piece.Id == null || float.IsFinite(piece.LogProbability!.Value));
        // The model goes on to find its own text likely: 512 tokens would be even at ln 512 = 6.2 nats.
        generated.Pieces.Where(piece => piece.Id is not null).TakeLast(500).Average(piece => -piece.LogProbability!.Value).ShouldBeLessThan(3);
    }

    [Fact]
    public void Guesses_go_together_with_a_window_and_not_with_attention_that_was_given_up()
    {
        using var streaming = stories.Model.CreateGenerator(new RunnerOptions { Eviction = new StreamingEviction { Budget = 70 } });
        using var pruning = stories.Model.CreateGenerator(new RunnerOptions { Eviction = new HeavyHitterEviction { Budget = 70 } });
        var guessing = Stories.Greedy with { MaxTokens = 300, Speculation = new PromptLookup() };

        var plain = streaming.Generate("Once upon a time", guessing with { Speculation = null });
        streaming.Generate("Once upon a time", guessing).Ids.ShouldBe(plain.Ids);

        Should.Throw<UnsupportedModelException>(() => pruning.Generate("Once upon a time", guessing)).NextStep.ShouldContain("--evict");
    }

    [Fact]
    public void A_prompt_longer_than_the_context_is_a_clear_error()
    {
        using var small = stories.Model.CreateGenerator(Stories.Exact with { Context = 4 });
        var fault = Should.Throw<PromptTooLongException>(() => small.Generate("Once upon a time there was"));
        fault.Message.ShouldContain("the context holds 4");
        fault.Tokens.ShouldBeGreaterThan(4);
        Should.Throw<PromptTooLongException>(() => small.GenerateAll(["a", "Once upon a time there was"]));
    }

    [Fact]
    public void Cancelling_ends_the_text_with_what_there_is()
    {
        using var cancel = new CancellationTokenSource();
        List<GeneratedPiece> pieces = [];
        foreach (var piece in _generator.Stream("Once upon a time", Stories.Greedy, cancel.Token))
        {
            pieces.Add(piece);
            if (pieces.Count == 3)
                cancel.Cancel();
        }

        pieces.Count.ShouldBe(4);
        pieces[^1].End.ShouldNotBeNull().Reason.ShouldBe(FinishReason.Cancelled);
    }

    [Fact]
    public void Cancelling_before_the_prompt_is_read_ends_at_once()
    {
        var prompt = string.Concat(Enumerable.Repeat("Lily went home. ", 40));
        var generated = _generator.Generate(prompt, Stories.Greedy, new CancellationToken(canceled: true));
        generated.End.Reason.ShouldBe(FinishReason.Cancelled);
        generated.Text.ShouldBe("");
    }

    [Fact]
    public async Task The_background_stream_gives_the_same_text()
    {
        var text = "";
        await foreach (var piece in _generator.StreamAsync("Once upon a time", Stories.Greedy))
            text += piece.Text;
        text.ShouldBe(_generator.Generate("Once upon a time", Stories.Greedy).Text);
    }

    [Fact]
    public void Faults_of_all_options_are_reported_together()
    {
        var fault = Should.Throw<ArgumentException>(() => _generator.Generate("a", new GenerationOptions
        {
            MaxTokens = 0, Stop = [""], Sampling = new SamplingOptions { TopK = 0 },
        }));
        fault.Message.ShouldContain("MaxTokens");
        fault.Message.ShouldContain("Stop");
        fault.Message.ShouldContain("TopK");
    }
}
