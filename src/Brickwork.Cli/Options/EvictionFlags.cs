using System.CommandLine;
using Brickwork.Cli.Terminal;
using Brickwork.Cli.Verbs;

namespace Brickwork.Cli.Options;

/// <summary>Which keys and values are given up, on the command line.</summary>
static class EvictionFlags
{
    static readonly Option<string?> Policy = new Option<string?>("--evict")
    {
        Description = "Give up keys and values beyond a budget: streaming (keep the first and the newest tokens; texts without end), "
            + "h2o (keep what is looked at most, and the newest), snapkv (keep of a prompt what its end looks at)",
    }.AcceptOnlyFromAmong("streaming", "h2o", "snapkv");

    static readonly Option<int?> Budget = new("--budget") { Description = "Tokens that --evict keeps [default for streaming: the context]" };

    static readonly Option<int?> Sinks = new("--evict-sinks") { Description = "First tokens that --evict streaming keeps [default: 4]" };

    public static void AddTo(Command verb)
    {
        verb.Add(Policy);
        verb.Add(Budget);
        verb.Add(Sinks);
    }

    /// <summary>How to run the model, with what the user wants to give up.</summary>
    /// <exception cref="UsageException">The options do not belong together.</exception>
    /// <exception cref="ArgumentException">The numbers make no sense.</exception>
    public static RunnerOptions Runner(Invocation run)
    {
        var policy = Read(run);
        policy?.Validate();
        return ModelOptions.Runner(run) with { Eviction = policy };
    }

    /// <summary>Whether the user asked for a smaller cache, by type or by eviction.</summary>
    public static bool SavesCache(Invocation run) => run.Given(Policy) || run.Given(ModelOptions.Cache);

    static EvictionPolicy? Read(Invocation run)
    {
        var budget = run.Value(Budget);
        if (run.Value(Policy) is not { } name)
            return run.Given(Budget) || run.Given(Sinks)
                ? throw new UsageException("--budget and --evict-sinks say how much --evict keeps; there is no --evict.", "Choose one: --evict streaming|h2o|snapkv")
                : null;
        if (name != "streaming" && run.Given(Sinks))
            throw new UsageException($"--evict {name} keeps no first tokens for their place; --evict-sinks belongs to streaming.", "Leave --evict-sinks out.");
        return name switch
        {
            "streaming" => new StreamingEviction { Budget = budget ?? int.MaxValue, Sinks = run.Value(Sinks) ?? 4 },
            "h2o" => new HeavyHitterEviction { Budget = budget ?? throw NoBudget(name) },
            _ => new SnapEviction { Budget = budget ?? throw NoBudget(name) },
        };
    }

    static UsageException NoBudget(string name) =>
        new($"--evict {name} does not say how many tokens to keep; expected --budget N.", $"Begin with a quarter of the context, such as --evict {name} --budget 512.");
}
