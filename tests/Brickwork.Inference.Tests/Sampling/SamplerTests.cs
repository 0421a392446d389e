using Brickwork.Inference.Sampling;

namespace Brickwork.Inference.Tests.Sampling;

public sealed class SamplerTests
{
    static readonly float[] Logits = [0.3f, 2.0f, -1.0f, 1.2f, 0.3f, 3.0f, -4.0f, 2.9f];

    static readonly SamplingOptions Plain = new() { Temperature = 1, TopK = null, TopP = null, MinP = null };

    [Fact]
    public void Greedy_takes_the_likeliest_and_the_lowest_id_of_equals()
    {
        foreach (var logits in RandomLogits.Many())
            new Sampler(SamplingOptions.Greedy, logits.Length).Next(logits).Id.ShouldBe(RandomLogits.Ranked(logits)[0]);
    }

    [Theory]
    [InlineData(1e-6f)]
    [InlineData(1e-30f)]
    [InlineData(float.Epsilon)]
    public void Temperature_near_zero_equals_greedy(float temperature)
    {
        var options = Plain with { Temperature = temperature };
        foreach (var logits in RandomLogits.Many().Where(logits => logits.Count(logit => logit == logits.Max()) == 1))
            new Sampler(options, logits.Length).Next(logits).Id.ShouldBe(RandomLogits.Ranked(logits)[0]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(12345)]
    public void Tokens_are_drawn_as_often_as_the_softmax_says(int seed)
    {
        const int Draws = 50_000;
        var sampler = new Sampler(Plain with { Seed = seed }, Logits.Length);
        var counts = new int[Logits.Length];
        for (var draw = 0; draw < Draws; draw++)
            counts[sampler.Next(Logits).Id]++;

        var expected = RandomLogits.Softmax(Logits).Select(probability => probability * Draws).ToArray();
        // Chi-square with 7 degrees of freedom: 24.3 is passed by one seed in a thousand.
        counts.Zip(expected, (found, wished) => (found - wished) * (found - wished) / wished).Sum().ShouldBeLessThan(24.3);
    }

    [Fact]
    public void A_seed_repeats_and_another_seed_differs()
    {
        Draw(3).ShouldBe(Draw(3));
        Draw(3).ShouldNotBe(Draw(4));

        static int[] Draw(int seed)
        {
            var sampler = new Sampler(Plain with { Seed = seed }, Logits.Length);
            return [.. Enumerable.Range(0, 100).Select(_ => sampler.Next(Logits).Id)];
        }
    }

    [Fact]
    public void The_chain_leaves_only_what_every_step_allows()
    {
        var sampler = new Sampler(Plain with { TopK = 3, TopP = 0.75f, LogitBias = new Dictionary<int, float> { [5] = float.NegativeInfinity } }, Logits.Length);
        var drawn = Enumerable.Range(0, 2000).Select(_ => sampler.Next(Logits).Id).Distinct().Order();
        // Of 7, 1 and 3 (5 is banned) the first two hold 0.84 of the probability, the first 0.61.
        drawn.ShouldBe([1, 7]);
    }

    [Fact]
    public void Penalties_count_the_prompt_and_what_was_chosen()
    {
        var options = SamplingOptions.Greedy with { FrequencyPenalty = 1.5f, PenaltyWindow = 8 };
        var sampler = new Sampler(options, Logits.Length);
        sampler.Observe([5]);
        // 5 falls from 3.0 to 1.5, so 7 (2.9) wins, then 1 (2.0), then 5 again (1.5 over 1.4).
        int[] chosen = [sampler.Next(Logits).Id, sampler.Next(Logits).Id, sampler.Next(Logits).Id];
        chosen.ShouldBe([7, 1, 5]);
    }

    [Fact]
    public void Mirostat_holds_the_mean_surprise_at_its_target()
    {
        // Zipf-like logits: 2000 tokens, some 9.6 bits of surprise unless held.
        float[] logits = [.. Enumerable.Range(1, 2000).Select(rank => -MathF.Log(rank))];
        var options = Plain with { Mirostat = new Mirostat { TargetSurprise = 4 } };
        var sampler = new Sampler(options, logits.Length);
        var logSum = LogSumExp.Of(logits);
        double[] surprises = [.. Enumerable.Range(0, 3000).Select(_ => (logSum - logits[sampler.Next(logits).Id]) / Math.Log(2))];

        // The limit starts too high and is driven down; the mean of what follows stays near the target.
        surprises.Skip(200).Average().ShouldBe(4, 0.1);
    }

    [Fact]
    public void Log_probabilities_are_the_models_own()
    {
        var options = SamplingOptions.Greedy with { LogProbabilities = 3, LogitBias = new Dictionary<int, float> { [5] = -100 } };
        var sampled = new Sampler(options, Logits.Length).Next(Logits);

        var probabilities = RandomLogits.Softmax(Logits);
        sampled.Id.ShouldBe(7);
        sampled.LogProbability!.Value.ShouldBe((float)Math.Log(probabilities[7]), 1e-6f);
        sampled.Top.Select(entry => entry.Id).ShouldBe([5, 7, 1]);
        sampled.Top.ShouldAllBe(entry => Math.Abs(entry.LogProbability - Math.Log(probabilities[entry.Id])) < 1e-6);
    }

    [Fact]
    public void Every_fault_of_the_options_is_named_at_once()
    {
        var options = new SamplingOptions
        {
            Temperature = -1, TopK = 0, TopP = 1.5f, MinP = float.NaN, TypicalP = 0, RepeatPenalty = 0, PresencePenalty = float.PositiveInfinity,
            FrequencyPenalty = float.NaN, PenaltyWindow = 0, LogProbabilities = -1, Mirostat = new() { TargetSurprise = 0, LearningRate = 2 },
            LogitBias = new Dictionary<int, float> { [99] = float.NaN },
        };
        var message = Should.Throw<ArgumentException>(() => new Sampler(options, 10)).Message;
        string[] names = ["Temperature", "TopK", "TopP", "MinP", "TypicalP", "RepeatPenalty", "PresencePenalty", "FrequencyPenalty", "PenaltyWindow",
            "LogProbabilities", "TargetSurprise", "LearningRate", "LogitBias token is 99", "LogitBias of token 99 is NaN"];
        foreach (var name in names)
            message.ShouldContain(name);
    }

    [Fact]
    public void A_logit_that_is_no_number_names_the_step_and_the_likely_cause()
    {
        var sampler = new Sampler(new SamplingOptions(), 3);
        sampler.Next([1, 2, 3]);
        var fault = Should.Throw<CheckpointException>(() => sampler.Next([1, float.NaN, 3]));
        fault.Message.ShouldContain("token 1 at generation step 1 is NaN");
        fault.Message.ShouldContain("weights may be damaged");
    }

    [Fact]
    public void Banning_every_token_is_an_error()
    {
        var options = new SamplingOptions { LogitBias = new Dictionary<int, float> { [0] = float.NegativeInfinity } };
        Should.Throw<InvalidOperationException>(() => new Sampler(options, 1).Next([1]));
        Should.Throw<InvalidOperationException>(() => new Sampler(options with { Temperature = 0 }, 1).Next([1]));
    }

    [Fact]
    public void Choosing_a_token_allocates_nothing()
    {
        var options = new SamplingOptions { TypicalP = 0.99f, RepeatPenalty = 1.1f, PresencePenalty = 0.1f, FrequencyPenalty = 0.1f, PenaltyWindow = 4 };
        var sampler = new Sampler(options, Logits.Length);
        for (var warm = 0; warm < 100; warm++)
            sampler.Next(Logits);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var draw = 0; draw < 100; draw++)
            sampler.Next(Logits);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }
}
