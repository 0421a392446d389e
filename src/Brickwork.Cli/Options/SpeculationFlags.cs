using System.CommandLine;
using System.Globalization;
using Brickwork.Cli.Cards;
using Brickwork.Cli.Terminal;
using Brickwork.Cli.Verbs;

namespace Brickwork.Cli.Options;

/// <summary>Options of the verbs that write text: how tokens are guessed ahead.</summary>
sealed class SpeculationFlags
{
    const int MostTokens = SpeculationOptions.MostDraftTokens;

    readonly Option<string?> _draft = new("--draft") { Description = "A smaller model with the same vocabulary that guesses tokens ahead: faster, the same distribution" };
    readonly Option<bool> _lookup = new("--prompt-lookup") { Description = "Guess that the text goes on as it did where its last words stood before: faster, the same text" };
    readonly Option<int?> _tokens = new("--draft-tokens") { Description = $"Tokens to guess for each pass, 1 to {MostTokens} [default: calibrated from measured times]" };

    public void AddTo(Command verb)
    {
        verb.Add(_draft);
        verb.Add(_lookup);
        verb.Add(_tokens);
    }

    /// <summary>Refuses what makes no sense, before a model is loaded.</summary>
    /// <exception cref="UsageException">Both ways of guessing, none for a number of guesses, or a number out of range.</exception>
    public void Check(Invocation run)
    {
        var (draft, lookup) = (run.Value(_draft) is not null, run.Value(_lookup));
        if (draft && lookup)
            throw new UsageException("--draft and --prompt-lookup are given together; expected one way of guessing.", "Leave one of them out.");
        if (run.Value(_tokens) is not { } tokens)
            return;
        if (!draft && !lookup)
            throw new UsageException($"--draft-tokens {tokens} is given, but nothing that guesses.", "Add --draft MODEL or --prompt-lookup.");
        if (tokens is < 1 or > MostTokens)
            throw new UsageException($"--draft-tokens is {tokens}; expected 1 to {MostTokens}.", "Leave --draft-tokens out to have the number calibrated.");
    }

    /// <summary>Loads the draft model, where one is asked for.</summary>
    public Speculation Load(Invocation run)
    {
        if (run.Value(_lookup))
            return new Speculation(new PromptLookup { DraftTokens = run.Value(_tokens) }, null);
        if (run.Value(_draft) is not { } path)
            return new Speculation(null, null);
        // The context asked for is the larger model's; this one ends where it was trained to end.
        var model = ModelOptions.Load(run, path, ModelOptions.Read(run) with { Context = null });
        return new Speculation(new DraftModel(model) { DraftTokens = run.Value(_tokens) }, model);
    }

    /// <summary>What a card says of the guesses; null where there were none.</summary>
    public static string? Summary(GenerationTiming timing) => timing.Drafted == 0 ? null : string.Create(
        CultureInfo.InvariantCulture, $"accepted {timing.Accepted} of {timing.Drafted} drafted, {Numbers.Fixed(timing.TokensPerPass, 2)} tokens per pass");

    /// <summary>A way of guessing, and the model that it needs.</summary>
    public sealed record Speculation(SpeculationOptions? Options, LanguageModel? Draft) : IDisposable
    {
        public void Dispose() => Draft?.Dispose();
    }
}
