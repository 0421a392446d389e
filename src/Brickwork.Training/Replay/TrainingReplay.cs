using Brickwork.Bricks.Replay;
using Brickwork.Formats.Writing;
using Brickwork.Training.Plans;
using Brickwork.Training.Session;

namespace Brickwork.Training.Replay;

/// <summary>Trains again, on the kernel path of the first time.</summary>
sealed class TrainingReplay : IReplay
{
    static readonly string[] Named = ["model", "tokenizer", "objective.teacher", "brick.tuned"];

    public IReadOnlyList<string> Operations { get; } = [TrainingLog.Name];

    public void Run(ReplayedOperation work)
    {
        AtomicPath.RemoveLeftovers(work.Target);
        var folder = AtomicPath.Temporary(work.Target);
        try
        {
            AtomicPath.Writing(folder, () => Directory.CreateDirectory(folder));
            var plan = PlanOf(work, new FoundTexts(work, Path.Combine(folder, "texts")));
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(work.Options.CancellationToken);
            var steps = new Steps(work.Options.Progress, work.FindNumber(TrainingLog.StepsDone), stop);
            var result = new Trainer(plan, new TrainerOptions
            {
                Folder = Path.Combine(folder, "training"),
                Threads = work.Options.Threads,
                InstructionSet = PathOf(work),
                Warn = work.Options.Warn,
                Operation = work.Operation,
            }).Run(steps, stop.Token);
            work.Options.CancellationToken.ThrowIfCancellationRequested();
            AtomicPath.Writing(work.Target, () => File.Move(result.Model, work.Target, work.Options.Overwrite));
        }
        finally
        {
            if (Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
        }
    }

    static InstructionSet PathOf(ReplayedOperation work)
    {
        var name = work.Argument(TrainingLog.InstructionSet);
        foreach (var path in InstructionSets.Supported)
            if (path.ToString() == name)
                return path;
        throw new UnsupportedModelException($"The training in the log {work.Source} was computed on the kernel path {name}; this processor has {string.Join(", ", InstructionSets.Supported)}.", "Replay it on a processor that has it.");
    }

    static TrainingPlan PlanOf(ReplayedOperation work, FoundTexts texts)
    {
        var plan = work.Find(TrainingLog.Plan) is { } yaml ? PlanFile.Parse(yaml, work.Source) : texts.FineTuning();
        plan = plan with
        {
            Model = plan.New is null ? work.PathOf(TrainingLog.Model) : null,
            Brick = plan.Brick is NewBitDelta delta ? delta with { Tuned = work.PathOf(TrainingLog.Tuned) ?? throw work.Wrong("has no fine-tuned model") } : plan.Brick,
            Tokenizer = plan.Tokenizer is null ? null : texts.Place(TrainingLog.Tokenizer).FirstOrDefault() ?? throw work.Wrong("has no tokenizer"),
            Objective = plan.Objective is DistillationObjective distillation ? distillation with { Teacher = work.PathOf(TrainingLog.Teacher) ?? distillation.Teacher } : plan.Objective,
            Data = [.. plan.Data.Select((domain, entry) => domain with { Source = domain.Source with { Path = texts.PathOf(entry) } })],
        };
        var logged = PlanText.Of(plan).Where(line => !Named.Contains(line.Key)).Select(line => KeyValuePair.Create(line.Key, work.Find(line.Key) ?? "none"));
        if (PlanText.Differences(logged, PlanText.Of(plan).Where(line => !Named.Contains(line.Key))).FirstOrDefault() is { } difference)
            throw new UnsupportedModelException($"The training in the log {work.Source} was made by a program and not by a plan: {difference}.", "Run that program again.");
        return plan;
    }

    /// <summary>A training that somebody had stopped is stopped again, at the same step.</summary>
    sealed class Steps(Action<long, long>? progress, long? last, CancellationTokenSource stop) : IProgress<TrainingEvent>
    {
        long _total;

        public void Report(TrainingEvent value)
        {
            if (value is TrainingStart start)
                _total = start.Steps;
            if (value is not TrainingStep { Step.Step: var done })
                return;
            progress?.Invoke(done, last ?? _total);
            if (done == last && done < _total)
                stop.Cancel();
        }
    }
}
