using System.Diagnostics;
using System.Numerics.Tensors;

namespace Brickwork.Cli.Benchmarks;

/// <summary>How long a user waits for the first word: from the path of a model to the token after a short prompt, nothing prepared.</summary>
/// <param name="LoadMilliseconds">Until the model was open.</param>
/// <param name="Milliseconds">Until the token was chosen, loading included.</param>
/// <param name="PromptTokens">Tokens of the prompt.</param>
sealed record FirstToken(double LoadMilliseconds, double Milliseconds, int PromptTokens)
{
    const int MostPromptTokens = 16;

    /// <summary>Call it before anything else has run: what is compiled or in memory already would not be counted.</summary>
    public static FirstToken Measure(string? path, LoadOptions options, RunnerOptions running)
    {
        var clock = Stopwatch.StartNew();
        using var model = LanguageModel.Load(path, options);
        var loaded = clock.Elapsed;
        using var runner = model.CreateRunner(running);
        using var sequence = runner.StartSequence();
        var prompt = RandomTokens.Of(model, Math.Min(MostPromptTokens, runner.Context), seed: 1);
        _ = TensorPrimitives.IndexOfMax(runner.Forward(new Batch().Add(sequence, prompt)).Row(0));
        return new FirstToken(loaded.TotalMilliseconds, clock.Elapsed.TotalMilliseconds, prompt.Length);
    }
}
