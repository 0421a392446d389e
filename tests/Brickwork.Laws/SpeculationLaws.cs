using Brickwork.TestKit;

namespace Brickwork.Laws;

/// <summary>Guessing ahead costs or saves time; it changes no token of a greedy text.</summary>
public class SpeculationLaws
{
    const int Tokens = 24;

    // Few tokens repeat in a random text, so the prompt repeats itself: lookup then finds something to propose.
    static int[] Prompt(LanguageModel model) => [.. Rows.Tokens(model, 5), .. Rows.Tokens(model, 5), .. Rows.Tokens(model, 3)];

    [SkippableTheory, MemberData(nameof(EveryModel.All), MemberType = typeof(EveryModel))]
    public void A_greedy_text_is_the_same_however_it_is_guessed(string name)
    {
        using var model = EveryModel.Load(name, new LoadOptions { Threads = 2 });
        Skip.If(model.Decoder.Head is null, "an embedding model writes no text");
        using var generator = model.CreateGenerator();
        var plain = new GenerationOptions { Sampling = SamplingOptions.Greedy, MaxTokens = Tokens };
        var expected = Write(generator, model, plain).Ids;
        foreach (var speculation in Ways(model))
        {
            var options = plain with { Speculation = speculation };
            if (!CanGoBack(model))
            {
                Should.Throw<UnsupportedModelException>(() => Write(generator, model, options)).Message.ShouldContain(model.Config.Family);
                continue;
            }

            var guessed = Write(generator, model, options);
            guessed.Ids.ShouldBe(expected, speculation.ToString());
            // The first pass reads the prompt and guesses nothing.
            if (speculation is DraftModel { DraftTokens: not null } && expected.Count > 1)
                guessed.End.Timing.Accepted.ShouldBeGreaterThan(0);
        }
    }

    [SkippableTheory, MemberData(nameof(EveryModel.Picos), MemberType = typeof(EveryModel))]
    public void Wrong_guesses_change_no_token(string name)
    {
        using var model = EveryModel.Load(name, new LoadOptions { Threads = 2 });
        using var stranger = PicoModel.Llama(seed: 77);
        foreach (var options in (RunnerOptions[])[new(), new() { CacheType = CacheType.Q8_0, ChunkRows = 1 }, new() { ChunkRows = 3 }])
        {
            using var generator = model.CreateGenerator(options);
            var plain = new GenerationOptions { Sampling = SamplingOptions.Greedy, MaxTokens = 120 };
            var expected = Write(generator, model, plain).Ids;
            var guessed = Write(generator, model, plain with { Speculation = new DraftModel(stranger) { DraftTokens = 7 } });
            guessed.Ids.ShouldBe(expected, options.ToString());
            guessed.End.Timing.Accepted.ShouldBeLessThan(guessed.End.Timing.Drafted / 2);
        }
    }

    static GeneratedText Write(Generator generator, LanguageModel model, GenerationOptions options) =>
        GeneratedText.From([.. generator.Stream(Prompt(model), options)]);

    static SpeculationOptions[] Ways(LanguageModel model) =>
    [
        new PromptLookup(), new PromptLookup { DraftTokens = 4 },
        new DraftModel(model), new DraftModel(model) { DraftTokens = 1 }, new DraftModel(model) { DraftTokens = 5 }, new DraftModel(model) { DraftTokens = 40 },
    ];

    static bool CanGoBack(LanguageModel model)
    {
        using var runner = model.CreateRunner();
        using var sequence = runner.StartSequence();
        Rows.Feed(runner, sequence, Rows.Tokens(model, 3));
        return sequence.TryTruncate(2);
    }
}
