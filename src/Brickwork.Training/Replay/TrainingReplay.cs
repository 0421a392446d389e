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
        var plan = PlanOf(work, new FoundTexts(work));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(work.Options.CancellationToken);
        var steps = new Steps(work.Options.Progress, work.FindNumber<long>(TrainingLog.StepsDone), stop);
        AtomicPath.Writing(work.Folder, () => Directory.CreateDirectory(work.Folder));
        var result = new Trainer(plan, new TrainerOptions
        {
            Folder = Path.Combine(work.Folder, "training"),
            Threads = work.Options.Threads,
            InstructionSet = work.Kernels(),
            Warn = work.Options.Warn,
            Operation = work.Operation,
        }).Run(steps, stop.Token);
        work.Options.CancellationToken.ThrowIfCancellationRequested();
        AtomicPath.Writing(work.Target, () => File.Move(result.Model, work.Target, work.Options.Overwrite));
    }

    static TrainingPlan PlanOf(ReplayedOperation work, FoundTexts texts)
    {
        var plan = work.Find(TrainingLog.Plan) is { } yaml ? PlanFile.Parse(yaml, work.Source) : FineTuning.Of(work, texts);
        plan = plan with
        {
            Model = plan.New is null ? work.PathOf(TrainingLog.Model) : null,
            Brick = plan.Brick is NewBitDelta delta ? delta with { Tuned = work.PathOf(TrainingLog.Tuned) ?? throw work.Wrong("has no fine-tuned model") } : plan.Brick,
            Tokenizer = plan.Tokenizer is null ? null : texts.Find(TrainingLog.Tokenizer) ?? throw work.Wrong("has no tokenizer"),
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
