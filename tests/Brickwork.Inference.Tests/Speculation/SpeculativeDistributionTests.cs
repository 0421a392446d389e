using Brickwork.TestKit;

namespace Brickwork.Inference.Tests.Speculation;

/// <summary>Counts how often each short text is drawn, beside its exact probability.</summary>
public sealed class SpeculativeDistributionTests
{
    const int Length = 3;
    const int Texts = 10_000;

    static readonly int[] Letters = [260, 261, 262];
    static readonly int[] Prompt = [1, 261, 262, 260, 261];

    // All but three letters are banned: 27 texts of three letters are possible.
    static readonly SamplingOptions Sampling = new()
    {
        Temperature = 2, TopK = null, TopP = null, MinP = null, FrequencyPenalty = 0.3f, PenaltyWindow = 4,
        LogitBias = Enumerable.Range(0, PicoModel.Vocabulary).Where(id => !Letters.Contains(id)).ToDictionary(id => id, _ => float.NegativeInfinity),
    };

    [Fact]
    public void Texts_guessed_by_another_model_are_drawn_as_often_as_the_model_says()
    {
        using var stranger = PicoModel.Llama(seed: 9);
        Measure(new DraftModel(stranger) { DraftTokens = 2 });
    }

    [Fact]
    public void Texts_guessed_by_lookup_are_drawn_as_often_as_the_model_says() => Measure(new PromptLookup { DraftTokens = 2 });

    static void Measure(SpeculationOptions speculation)
    {
        using var model = PicoModel.Llama(new LoadOptions { Threads = 1 }, seed: 5);
        using var generator = model.CreateGenerator(new RunnerOptions { CacheType = CacheType.F32 });
        var counts = new int[(int)Math.Pow(Letters.Length, Length)];
        var (accepted, drafted) = (0, 0);
        for (var seed = 0; seed < Texts; seed++)
        {
            var text = GeneratedText.From([.. generator.Stream(Prompt, new GenerationOptions
            {
                MaxTokens = Length, Sampling = Sampling with { Seed = seed }, Speculation = speculation,
            })]);
            counts[Number(text.Ids)]++;
            accepted += text.End.Timing.Accepted;
            drafted += text.End.Timing.Drafted;
        }

        // Both ways of the rule are taken often.
        accepted.ShouldBeInRange(drafted / 10, drafted * 9 / 10);
        var expected = Enumerable.Range(0, counts.Length).Select(number => Texts * Probability(model, TextOf(number))).ToArray();
        expected.Sum().ShouldBe(Texts, 1e-3);
        expected.ShouldAllBe(count => count > 5);
        // Chi-square with 26 degrees of freedom: 54.1 is passed once in a thousand times.
        counts.Zip(expected, (found, wished) => (found - wished) * (found - wished) / wished).Sum().ShouldBeLessThan(54.1);
    }

    /// <summary>What the model and the options say of a text, in plain loops.</summary>
    static double Probability(LanguageModel model, int[] text)
    {
        using var runner = model.CreateRunner(new RunnerOptions { CacheType = CacheType.F32 });
        using var sequence = runner.StartSequence();
        List<int> read = [.. Prompt];
        var probability = 1.0;
        var fresh = Prompt;
        foreach (var token in text)
        {
            var logits = runner.Forward(new Batch().Add(sequence, fresh)).Row(0).ToArray();
            var recent = read.TakeLast(Sampling.PenaltyWindow).ToList();
            var weights = Letters.Select(letter => Math.Exp((logits[letter] - Sampling.FrequencyPenalty * recent.Count(id => id == letter)) / Sampling.Temperature)).ToArray();
            probability *= weights[Array.IndexOf(Letters, token)] / weights.Sum();
            read.Add(token);
            fresh = [token];
        }

        return probability;
    }

    static int Number(IReadOnlyList<int> text) => text.Aggregate(0, (number, id) => number * Letters.Length + Array.IndexOf(Letters, id));

    static int[] TextOf(int number) =>
        [.. Enumerable.Range(0, Length).Select(place => Letters[number / (int)Math.Pow(Letters.Length, Length - 1 - place) % Letters.Length])];
}
