using Brickwork.TestKit;

namespace Brickwork.Laws;

/// <summary>A trained model says the same whichever of its files it is read from.</summary>
public class StoriesLaws
{
    static readonly LoadOptions Exact = new() { Precision = Precision.Exact, Threads = 2 };

    public static TheoryData<string> EverySource() => ["embedded", "stories260K-f32.gguf", "stories260K.bin"];

    [SkippableTheory, MemberData(nameof(EverySource))]
    public void Every_file_of_stories260k_writes_the_published_texts(string source)
    {
        using var model = Load(source);
        using var generator = model.CreateGenerator(new RunnerOptions { CacheType = CacheType.F32 });
        var greedy = new GenerationOptions { Sampling = SamplingOptions.Greedy };
        const string Prompt = "Tim had a red ball.";

        // The published steps count the prompt.
        var empty = generator.Generate("", greedy with { MaxTokens = 256 }).Text;
        var tim = generator.Generate(Prompt, greedy with { MaxTokens = 128 - model.Tokenizer.Encode(Prompt, EncodeOptions.None).Length }).Text;

        empty.ShouldBe(Expected("expected-greedy-256.txt"));
        (Prompt + tim).ShouldBe(Expected("expected-greedy-tim.txt"));
    }

    [SkippableTheory, MemberData(nameof(EverySource))]
    public void Every_file_of_stories260k_has_the_published_likelihood(string source)
    {
        using var model = Load(source);
        var text = TextFiles.Read(SharedData.Require("data", "model-stories260k", "tinystories-sample.txt"));

        var result = model.MeasurePerplexity(text, new PerplexityOptions { Split = TextSplit.Paragraph, Window = 256, Limit = 20 });

        result.Nll.ShouldBe(1.5255, 0.0005);
    }

    [SkippableFact]
    public void The_files_of_stories260k_give_the_same_logits()
    {
        using var embedded = Load("embedded");
        var tokens = Rows.Tokens(embedded, 60);
        var expected = Rows.Of(embedded, tokens);

        foreach (var source in (string[])["stories260K-f32.gguf", "stories260K.bin"])
        {
            using var model = Load(source);
            Rows.Of(model, tokens).ShouldHaveTheBitsOf(expected, source);
        }
    }

    static LanguageModel Load(string source) =>
        LanguageModel.Load(source == "embedded" ? "stories260k" : SharedData.Require("data", "model-stories260k", source), Exact);

    static string Expected(string name) => File.ReadAllText(SharedData.InRepository("tests", "Brickwork.Inference.Tests", "Data", name)).TrimEnd('\n');
}
