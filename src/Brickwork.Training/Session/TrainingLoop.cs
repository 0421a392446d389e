using Brickwork.Formats.Log;
using Brickwork.Training.Metrics;
using Brickwork.Training.Plans;
using Brickwork.Training.Reports;
using Brickwork.Training.State;

namespace Brickwork.Training.Session;

/// <summary>Step after step, with measurements, samples and checkpoints between them, until the plan is fulfilled or somebody cancels.</summary>
sealed class TrainingLoop(
    TrainingPlan plan, TrainerOptions options, StateFolder states, TrainingSubject subject, TrainingData data, TrainedWeights weights, MetricsFile metrics,
    StepCost cost, IProgress<TrainingEvent>? progress)
{
    readonly long _tokensPerStep = (long)plan.Batch.Sequences * TrainingData.LengthOf(plan, subject.Model.Model.Config);
    string Report { get; } = Path.Combine(options.Folder, "report.html");

    // What was read is hashed now: in the end it may lie elsewhere.
    readonly IReadOnlyList<LoggedSource> _sources = TrainingLog.Sources(plan);
    string? _checkpoint = states.Files() is [var newest, ..] ? newest : null;
    double _seconds = metrics.History.LastStep?.Seconds ?? 0;

    public TrainingResult Run(CancellationToken cancellation)
    {
        progress?.Report(new TrainingStart(
            weights.StepsDone, data.Steps, subject.Model.Parameters.Sum(parameter => parameter.Value.Shape.Count), _tokensPerStep, cost.Bytes, metrics.History.Steps));
        try
        {
            Steps(cancellation);
            return End();
        }
        catch (TrainingStoppedException fault)
        {
            throw new TrainingStoppedException(
                $"{fault.Message} Training stopped after step {weights.StepsDone}. {(_checkpoint is null ? "There is no checkpoint yet." : $"The last good checkpoint is {_checkpoint}.")}",
                fault.NextStep, fault.InnerException);
        }
    }

    void Steps(CancellationToken cancellation)
    {
        try
        {
            // A model that has learnt before is measured as it comes.
            if (weights.StepsDone == 0 && plan.New is null && !cancellation.IsCancellationRequested)
                Evaluate();
            while (weights.StepsDone < data.Steps && !cancellation.IsCancellationRequested)
                Step(cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // A step that was not finished has changed no weight.
        }
    }

    void Step(CancellationToken cancellation)
    {
        var start = options.Time.GetTimestamp();
        var (loss, rate, norm) = weights.Step(data.Batches(weights.StepsDone), cancellation);
        var seconds = Math.Max(options.Time.GetElapsedTime(start).TotalSeconds, 1e-9);
        _seconds += seconds;
        var step = new StepMetrics
        {
            Step = weights.StepsDone,
            Loss = loss,
            LearningRate = rate,
            GradientNorm = norm,
            Tokens = weights.StepsDone * _tokensPerStep,
            TokensPerSecond = _tokensPerStep / seconds,
            ShareOfPeak = options.PeakGigaflops is { } peak ? cost.OperationsPerToken * _tokensPerStep / seconds / (peak * 1e9) : null,
            Seconds = _seconds,
        };
        Writing(() => metrics.Add(new StepRecord(step)));
        progress?.Report(new TrainingStep(step));
        var isLast = weights.StepsDone == data.Steps;
        if (IsDue(plan.Evaluation.Every) || isLast)
            Evaluate();
        if (plan.Samples.Tokens > 0 && (IsDue(plan.Samples.Every) || isLast))
            Sample();
        if (IsDue(plan.Checkpoints.Every) || isLast)
            Save();
    }

    bool IsDue(long every) => every > 0 && weights.StepsDone % every == 0;

    void Evaluate()
    {
        var evaluation = weights.WithAverage(measured => new EvaluationMetrics
        {
            Step = weights.StepsDone,
            Domains = data.HeldOutDomains.ToDictionary(domain => domain, domain => data.Measure(domain, plan.Evaluation.TokensPerDomain, measured.Evaluate)),
        });
        if (evaluation.Domains.Count == 0)
            return;
        if (!double.IsFinite(evaluation.Loss))
            throw new TrainingStoppedException($"The model foresees held-out texts with a loss of {evaluation.Loss}; expected a finite number.", TrainedWeights.Calmer);
        Writing(() => metrics.Add(new EvaluationRecord(evaluation)));
        progress?.Report(new TrainingEvaluation(evaluation));
    }

    void Sample()
    {
        List<SampleMetrics> samples;
        try
        {
            samples = weights.WithAverage(measured => SampleWriter.Write(plan.Samples, data, measured.Model, weights.StepsDone, plan.Seed).ToList());
        }
        catch (CheckpointException fault)
        {
            throw new TrainingStoppedException(fault.Message, TrainedWeights.Calmer, fault);
        }
        foreach (var sample in samples)
        {
            Writing(() => metrics.Add(new SampleRecord(sample)));
            progress?.Report(new TrainingSample(sample));
        }
    }

    void Save()
    {
        if (!weights.AreFinite())
            throw new TrainingStoppedException($"Weights are no finite numbers after step {weights.StepsDone}.", TrainedWeights.Calmer);
        Writing(() =>
        {
            metrics.Flush();
            _checkpoint = states.Save(weights.State(data.Key), plan.Checkpoints.Keep);
            TrainingReport.Write(Report, plan.Name, data.Steps, PlanText.Of(plan), metrics.History);
        });
        progress?.Report(new TrainingCheckpoint(weights.StepsDone, _checkpoint!));
    }

    TrainingResult End()
    {
        var isComplete = weights.StepsDone == data.Steps;
        if (_checkpoint != states.PathOf(weights.StepsDone))
            Save();
        var output = subject.FileIn(options.Folder, plan);
        Writing(() =>
        {
            weights.WithAverage(() => subject.Save(output, plan, Logged(), _sources, options.Threads, metrics.History));
            metrics.Add(new EndRecord(weights.StepsDone, isComplete, output, _checkpoint!, metrics.History.LastStep, metrics.History.LastEvaluation));
        });
        return new TrainingResult { IsComplete = isComplete, StepsDone = weights.StepsDone, Checkpoint = _checkpoint!, Model = output, Report = Report, LastMetrics = metrics.Last };
    }

    LoggedOperation Logged() => options.Operation ?? TrainingLog.Describe(plan, subject.Form, subject.Model.Model.Compute, weights.StepsDone, data.Key);

    /// <summary>Writes something; where the system refuses, training stops.</summary>
    static void Writing(Action write)
    {
        try
        {
            write();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or CheckpointException { InnerException: IOException or UnauthorizedAccessException })
        {
            throw new TrainingStoppedException(fault.Message, "Free some space or restore the rights, then go on with --resume.", fault.InnerException ?? fault);
        }
    }
}
