using System.CommandLine;
using Brickwork.Cli.Benchmarks;
using Brickwork.Cli.Cards;
using Brickwork.Cli.Options;
using Brickwork.Cli.Terminal;
using Brickwork.Cli.Training;
using Brickwork.Training.Plans;

namespace Brickwork.Cli.Verbs;

/// <summary><c>brick train</c>: trains a model by a plan, or fine-tunes one, or a brick in it, on a text.</summary>
sealed class TrainVerb : Verb
{
    readonly Argument<string> _source = new("source") { Description = "A plan (.yml), or a text or folder of texts to fine-tune on" };
    readonly Option<string?> _brick = new("--brick")
    {
        Description = $"Train a brick instead of the model: {string.Join(", ", NewBrickReader.Words.SkipLast(1))} or {NewBrickReader.Words.Last()}, with settings such as lora:rank=16,targets=layers.*.attention.*",
    };
    readonly Option<string?> _out = new("--out") { Description = "Folder for checkpoints, metrics, report and model or brick [default: NAME-training]" };
    readonly Option<bool> _resume = new("--resume") { Description = "Go on from the newest sound checkpoint; with --force even where the plan has changed" };
    readonly Option<int?> _steps = new("--steps") { Description = "Steps, where no plan says how many [default: three passes over the text]" };
    readonly Option<float?> _rate = new("--rate") { Description = "The highest learning rate, where no plan says it [default: 0.0003; of a brick 0.002 or 0.01]" };
    readonly Option<int?> _seed = new("--seed") { Description = "Decides order, split and samples, where no plan says it [default: 0]" };

    public TrainVerb() : base("train", "Train a model or a brick by a plan, or on a text")
    {
        Add(_source);
        Add(_brick);
        Add(_out);
        Add(_resume);
        Add(_steps);
        Add(_rate);
        Add(_seed);
        Add(OutputFile.Force);
        Add(ModelOptions.Model);
        Add(ModelOptions.Threads);
        Add(ModelOptions.Isa);
    }

    protected override int Run(Invocation run)
    {
        var source = run.Value(_source)!;
        var plan = IsPlan(source) ? Plan(run, source) : FineTuning(run, source);
        var folder = run.Value(_out) ?? $"{NameOf(source)}-training";
        var load = ModelOptions.Read(run);
        var result = TrainingView.Run(run.Output, view =>
        {
            var options = new TrainerOptions
            {
                Folder = folder,
                Existing = Existing(run),
                Threads = load.Threads,
                InstructionSet = load.InstructionSet,
                PeakGigaflops = ArithmeticPeak.Floats(load.Threads ?? Environment.ProcessorCount),
                Warn = view.Warn,
            };
            return new Trainer(plan, options).Run(view, run.Cancellation);
        });
        Report(run, result, folder);
        return result.IsComplete ? ExitCode.Good : ExitCode.Cancelled;
    }

    static string NameOf(string source) => Path.GetFileNameWithoutExtension(Path.TrimEndingDirectorySeparator(source));

    static bool IsPlan(string source) => Path.GetExtension(source).ToLowerInvariant() is ".yml" or ".yaml";

    TrainingPlan Plan(Invocation run, string source)
    {
        foreach (var option in (Option[])[ModelOptions.Model, _brick, _steps, _rate, _seed])
            if (run.Given(option))
                throw new UsageException($"{option.Name} is given beside a plan, which says it itself.", $"Write it into {source}, or leave it out.");
        return TrainingPlan.Open(source);
    }

    TrainingPlan FineTuning(Invocation run, string source)
    {
        var plan = run.Value(_brick) is { } brick ? TrainingPlan.ForText(source, NewBrickReader.Parse(brick, NameOf(source))) : TrainingPlan.ForText(source);
        return plan with
        {
            Model = run.Value(ModelOptions.Model),
            Steps = ModelOptions.Positive(run, _steps),
            Schedule = plan.Schedule with { Rate = run.Value(_rate) ?? plan.Schedule.Rate },
            Seed = run.Value(_seed) ?? plan.Seed,
        };
    }

    ExistingTraining Existing(Invocation run) => (run.Value(_resume), run.Value(OutputFile.Force)) switch
    {
        (true, true) => ExistingTraining.ResumeChanged,
        (true, false) => ExistingTraining.Resume,
        (false, true) => ExistingTraining.Replace,
        _ => ExistingTraining.Refuse,
    };

    static void Report(Invocation run, TrainingResult result, string folder)
    {
        if (run.Output.Json)
        {
            run.Output.Result.WriteLine(result.LastMetrics);
            return;
        }
        if (!result.IsComplete)
            run.Output.Warn($"Stopped after step {result.StepsDone}; go on with --resume.");
        run.Output.Result.WriteLine(result.Model);
        new Card(result.IsComplete ? "trained" : "stopped")
            .Row("steps", $"{result.StepsDone}")
            .Row(result.Model.EndsWith(".brick", StringComparison.Ordinal) ? "brick" : "model", result.Model)
            .Row("checkpoint", result.Checkpoint)
            .Row("metrics", Path.Combine(folder, Trainer.MetricsName))
            .Row("report", result.Report)
            .Show(run.Output);
    }
}
