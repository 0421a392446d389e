using System.CommandLine;
using Brickwork.Cli.Terminal;
using Brickwork.Cli.Verbs;

namespace Brickwork.Cli.Options;

/// <summary>Options of every verb that loads a model, and the loading itself.</summary>
static class ModelOptions
{
    public static Option<string?> Model { get; } = new("--model", "-m")
    {
        Description = "A .gguf file, a Hugging Face folder, a llama2.c .bin, or a name in the models folder [default: the embedded model]",
    };

    public static Option<string?> Tokenizer { get; } = new("--tokenizer") { Description = "A tokenizer file for models without one (llama2.c)" };

    public static Option<int?> Threads { get; } = new("--threads") { Description = "Most threads that work; how many are worth it is measured [default: one per processor]" };

    public static Option<string> Isa { get; } = Choice("--isa", "auto", "Kernel path", ["auto", "reference", "vector", "avx2", "avx512"]);

    public static Option<bool> Exact { get; } = new("--exact") { Description = "Compute every product in F32, without rounding activations to 8 bits" };

    public static Option<string> Cache { get; } = Choice("--kv", "f16", "How keys and values are stored", ["f32", "f16", "q8_0", "q4_0"]);

    public static Option<int?> Context { get; } = new("--context") { Description = "Tokens a sequence may hold [default: the model's own]" };

    public static Option<bool> RepackCache { get; } = new("--repack-cache")
    {
        Description = "Keep quantized weights in the layout in which they multiply, in MODEL.panels beside the model, and map that file at the next start",
    };

    /// <summary>Adds the options that loading takes.</summary>
    public static void AddTo(Command verb)
    {
        foreach (var option in (Option[])[Model, Tokenizer, Threads, Isa, Exact, Context])
            verb.Add(option);
        PlugFlags.AddTo(verb);
    }

    /// <summary>Adds the options that loading and running take.</summary>
    public static void AddRunningTo(Command verb)
    {
        AddTo(verb);
        verb.Add(Cache);
        verb.Add(RepackCache);
    }

    /// <summary>The model with the bricks that the user named.</summary>
    public static LanguageModel Load(Invocation run) => PlugFlags.Apply(run, LoadBare(run));

    /// <summary>The model without bricks, but for those of a stack.</summary>
    public static LanguageModel LoadBare(Invocation run)
    {
        var model = Load(run, run.Value(Model), Read(run));
        var trained = model.Metadata.TryInt($"{model.Config.Family}.context_length");
        if (Positive(run, Context) is { } asked && asked > trained)
            run.Output.Warn($"--context {asked} is more than the {trained} tokens that '{model.Config.Name}' was trained for; expect nonsense beyond them.");
        return model;
    }

    /// <summary>The model as the user named it; null = the embedded one.</summary>
    public static string? Name(Invocation run) => run.Value(Model);

    /// <summary>Loads a model, or a stack of bricks with its model.</summary>
    public static LanguageModel Load(Invocation run, string? path, LoadOptions options)
    {
        if (path is null || !StackFile.IsAt(path))
            return LoadPlain(run, path, options);
        var stack = StackFile.Open(path);
        using var model = LoadPlain(run, stack.Model, options);
        return stack.PlugInto(model, run.Value(PlugFlags.AnyParent));
    }

    /// <summary>With a repack cache where the user wants one: writing it may take a while.</summary>
    static LanguageModel LoadPlain(Invocation run, string? path, LoadOptions options)
    {
        if (!run.Value(RepackCache))
            return LanguageModel.Load(path, options);
        return ProgressLine.Run(run.Output, "repacking", report =>
        {
            var progress = new Reporter((done, total) =>
            {
                run.Cancellation.ThrowIfCancellationRequested();
                report(done, total);
            });
            return LanguageModel.Load(path, options with { RepackCache = new RepackCache { Warn = run.Output.Warn, Progress = progress } });
        });
    }

    public static LoadOptions Read(Invocation run) => new()
    {
        Threads = ThreadCount(run),
        InstructionSet = InstructionSets.Parse(run.Value(Isa) is "auto" ? Environment.GetEnvironmentVariable(InstructionSets.Variable) : run.Value(Isa)),
        Precision = run.Value(Exact) ? Precision.Exact : Precision.Fast,
        Context = Positive(run, Context),
        TokenizerPath = run.Value(Tokenizer),
    };

    public static RunnerOptions Runner(Invocation run) => new()
    {
        CacheType = Enum.Parse<CacheType>(run.Value(Cache)!, ignoreCase: true),
        Context = Positive(run, Context),
    };

    public static int? Positive(Invocation run, Option<int?> option) => run.Value(option) switch
    {
        null => null,
        <= 0 and var value => throw new UsageException($"{option.Name} is {value}; expected a number above 0.", $"Leave {option.Name} out for the default."),
        var value => value,
    };

    /// <summary>The thread count the user gave, held within what makes sense; null = none given.</summary>
    public static int? ThreadCount(Invocation run) => Positive(run, Threads) is { } asked ? WithinReason(run, asked) : null;

    /// <summary>A thread count that makes sense; says so where that is not the one asked for.</summary>
    public static int WithinReason(Invocation run, int threads)
    {
        if (threads <= Compute.MostThreads)
            return threads;
        run.Output.Warn($"--threads {threads} is more than this program uses; it takes {Compute.MostThreads}.");
        return Compute.MostThreads;
    }

    static Option<string> Choice(string name, string fallback, string description, string[] choices)
    {
        var option = new Option<string>(name) { Description = $"{description}: {string.Join(", ", choices)}", DefaultValueFactory = _ => fallback };
        option.AcceptOnlyFromAmong(choices);
        return option;
    }
}
