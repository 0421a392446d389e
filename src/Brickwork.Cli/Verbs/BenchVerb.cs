using System.CommandLine;
using System.Diagnostics;
using Brickwork.Cli.Benchmarks;
using Brickwork.Cli.Options;
using Brickwork.Cli.Terminal;

namespace Brickwork.Cli.Verbs;

/// <summary><c>brick bench</c>: how fast a model reads and writes here, beside what the machine could.</summary>
sealed class BenchVerb : Verb
{
    readonly Option<int> _prompt = new("--prompt") { Description = "Tokens of the prompt to read; 0 = do not measure", DefaultValueFactory = _ => 256 };
    readonly Option<int> _generate = new("--generate") { Description = "Tokens to write; 0 = do not measure", DefaultValueFactory = _ => 64 };
    readonly Option<string> _batch = new("--batch") { Description = "Texts to write at once, comma-separated", DefaultValueFactory = _ => "1,2,4,8" };
    readonly Option<int> _depth = new("--depth") { Description = "Tokens that stand before the written ones", DefaultValueFactory = _ => 0 };
    readonly Option<int> _repeat = new("--repeat") { Description = "Counted runs of each", DefaultValueFactory = _ => 5 };
    readonly Option<string?> _threads = new("--threads") { Description = "Thread counts, comma-separated [default: one per processor]" };

    public BenchVerb() : base("bench", "Measure speed beside the limits of this machine")
    {
        Add(_prompt);
        Add(_generate);
        Add(_batch);
        Add(_depth);
        Add(_repeat);
        Add(_threads);
        foreach (var option in (Option[])[ModelOptions.Model, ModelOptions.Isa, ModelOptions.Exact, ModelOptions.Cache, ModelOptions.Context])
            Add(option);
    }

    protected override int Run(Invocation run)
    {
        var threads = run.Value(_threads) is { } list ? TokenList.Parse(list) : [Environment.ProcessorCount];
        var batches = TokenList.Parse(run.Value(_batch)!);
        if (threads.Length == 0 || batches.Length == 0 || threads.Concat(batches).Append(run.Value(_repeat)).Any(value => value < 1)
            || run.Value(_prompt) < 0 || run.Value(_generate) < 0 || run.Value(_depth) < 0)
            throw new UsageException("There is at least one thread count and one batch size; they and repeats are at least 1, token counts at least 0.", "See the options: brick bench --help");
        var report = Measure(run, [.. threads.Select(count => ModelOptions.WithinReason(run, count)).Distinct()], batches);
        report.Show(run.Output);
        if (run.Output.Json)
            run.Output.WriteJson(json => BenchJson.Write(json, report));
        return ExitCode.Good;
    }

    BenchReport Measure(Invocation run, int[] threads, int[] batches)
    {
        var (path, options, running) = (run.Value(ModelOptions.Model), ModelOptions.Read(run), ModelOptions.Runner(run));
        var first = FirstToken.Measure(path, options with { Threads = threads.Max() }, running);
        var rows = new SpeedRows();
        ModelConfig? config = null;
        foreach (var count in threads)
        {
            using var model = LanguageModel.Load(path, options with { Threads = count });
            config ??= model.Config;
            Measure(run, new SpeedRun(model, running, run.Value(_repeat), run.Value(_depth), run.Cancellation), rows, batches);
        }
        using var process = Process.GetCurrentProcess();
        var peakBytes = process.PeakWorkingSet64;           // before the probe takes memory of its own
        return new BenchReport(config!, options.InstructionSet!.Value, first, rows, MachineProbe.Measure(threads), peakBytes);
    }

    void Measure(Invocation run, SpeedRun speed, SpeedRows rows, int[] batches)
    {
        if (run.Value(_prompt) is > 0 and var prompt)
            rows.Prefill.Add(speed.Read(prompt));
        if (run.Value(_generate) is > 0 and var steps)
            foreach (var sequences in batches)
                (sequences == 1 ? rows.Decode : rows.Batch).Add(speed.Write(sequences, steps));
    }
}
