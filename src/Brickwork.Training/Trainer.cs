using Brickwork.Models.Training;
using Brickwork.Training.Metrics;
using Brickwork.Training.Plans;
using Brickwork.Training.Replay;
using Brickwork.Training.Session;
using Brickwork.Training.State;

namespace Brickwork;

/// <summary>Trains a model, or a brick in one, by a plan. A training that was stopped or killed goes on from its last checkpoint with the same bits.</summary>
/// <param name="plan">What is trained, on what and how.</param>
/// <param name="options">Where and with what.</param>
public sealed class Trainer(TrainingPlan plan, TrainerOptions options)
{
    /// <summary>The name of the metrics in the training's folder.</summary>
    public const string MetricsName = "metrics.jsonl";

    readonly StateFolder _states = new(options.Folder);

    /// <summary>Fine-tunes a model on a text or a folder of texts.</summary>
    /// <param name="text">A file, or a folder whose entries are domains.</param>
    /// <param name="folder">For checkpoints, metrics and the finished model.</param>
    /// <param name="model">null = the embedded default.</param>
    /// <returns>The finished model's file.</returns>
    public static string FineTune(string text, string folder, string? model = null) =>
        new Trainer(TrainingPlan.ForText(text) with { Model = model }, new TrainerOptions { Folder = folder }).Run().Model;

    /// <summary>Rebuilds a model or a brick from its log as <see cref="OperationReplay"/> does, trainings among the operations.</summary>
    /// <inheritdoc cref="OperationReplay.Run"/>
    public static ReplayReport Replay(string source, string target, ReplayOptions? options = null) =>
        OperationReplay.Run(source, target, (options ?? new ReplayOptions()) with { More = [new TrainingReplay()] });

    /// <summary>Trains to the end, or until somebody cancels.</summary>
    /// <param name="progress">Told of everything that happens.</param>
    /// <param name="cancellation">Saves a checkpoint and returns.</param>
    /// <exception cref="RecipeException">The plan makes no sense, or the folder holds another training.</exception>
    /// <exception cref="CorpusException">A text cannot be read.</exception>
    /// <exception cref="CheckpointException">The model or every checkpoint is damaged, or a file cannot be written.</exception>
    /// <exception cref="MemoryLimitException">There is too little memory.</exception>
    /// <exception cref="TrainingStoppedException">The loss is no number any more, or the disk is full.</exception>
    public TrainingResult Run(IProgress<TrainingEvent>? progress = null, CancellationToken cancellation = default)
    {
        plan.Check();
        var isResumed = PrepareFolder();
        if (plan.New is { } made)
            StepCost.Of(ModelSizes.Of(made, plan.NewTokenizer.VocabularySize), plan).Require(options.MemoryBytes);
        using var subject = TrainingSubject.Open(plan, options, isResumed, what => progress?.Report(new TrainingPreparation(what)));
        var model = subject.Model;
        var cost = StepCost.Of(subject.Sizes, plan);
        cost.Require(options.MemoryBytes);
        using var data = TrainingData.Open(
            plan, model.Model, Path.Combine(options.Folder, "tokens.bin"), done => progress?.Report(new TrainingPreparation("texts", done)), cancellation);
        foreach (var warning in data.Warnings)
            options.Warn?.Invoke(warning);
        using var teacher = plan.Objective is DistillationObjective distillation ? Distillation.Open(distillation, model, options) : null;
        var weights = new TrainedWeights(plan, model, teacher ?? (IObjective)TokenObjective.Instance, data.Steps);
        if (isResumed)
            Restore(weights, data);
        using var metrics = MetricsFile.Open(Path.Combine(options.Folder, MetricsName), weights.StepsDone);
        return new TrainingLoop(plan, options, _states, subject, data, weights, metrics, cost, progress).Run(cancellation);
    }

    /// <summary>Makes the folder ready.</summary>
    /// <returns>Whether it holds a checkpoint to go on from.</returns>
    bool PrepareFolder()
    {
        var resumes = options.Existing is ExistingTraining.Resume or ExistingTraining.ResumeChanged;
        var holdsTraining = _states.Files().Count > 0 || File.Exists(Path.Combine(options.Folder, MetricsName));
        if (holdsTraining && options.Existing == ExistingTraining.Refuse)
            throw new RecipeException($"{options.Folder} holds a training already.", "Go on with --resume, begin anew with --force, or choose another folder with --out.");
        Directory.CreateDirectory(options.Folder);
        _states.RemoveUnfinished();
        if (options.Existing == ExistingTraining.Replace)
            _states.RemoveAll();
        if (resumes && _states.Files().Count == 0)
            options.Warn?.Invoke($"There is no checkpoint in {options.Folder} yet; training begins.");
        return resumes && _states.Files().Count > 0;
    }

    void Restore(TrainedWeights weights, TrainingData data)
    {
        var state = _states.OpenNewest(message => options.Warn?.Invoke(message), out var files);
        using (files)
        {
            var source = _states.PathOf(state.StepsDone);
            CheckSame(state, weights.State(data.Key), source);
            weights.Restore(state, source);
        }
    }

    void CheckSame(TrainingState before, TrainingState now, string source)
    {
        var differences = PlanText.Differences(before.Plan, now.Plan).ToList();
        if (before.DataKey != now.DataKey)
            differences.Add("the texts, their split or the tokenizer have changed");
        if (differences.Count == 0)
            return;
        var what = $"The plan is not the one that {source} was trained by: {string.Join("; ", differences)}.";
        if (options.Existing != ExistingTraining.ResumeChanged)
            throw new RecipeException(what, "Restore the plan, or go on with the new one: --resume --force.");
        options.Warn?.Invoke(what);
    }
}
