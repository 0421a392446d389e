using Brickwork.Formats.Log;
using Brickwork.Training.Metrics;

namespace Brickwork.Training.Session;

/// <summary>What is trained: the weights of a model, or a brick in a model that stays as it is.</summary>
sealed class TrainingSubject : IDisposable
{
    readonly Brick? _start;

    TrainingSubject(TrainableModel model, Brick? start) => (Model, _start) = (model, start);

    /// <summary>The model with what is trained in it.</summary>
    public TrainableModel Model { get; }

    /// <summary>As much of the model as the cost of a step depends on.</summary>
    public ModelSizes Sizes => _start is null ? ModelSizes.Of(Model.Model)
        : ModelSizes.Of(Model.Model) with { Trained = _start.Parameters, FixedBytes = Model.Model.Tensors.Sum(tensor => tensor.Bytes) };

    /// <summary>Opens what a plan says.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="options">Threads, kernel path and folder.</param>
    /// <param name="isResumed">Whether the folder holds the beginning already.</param>
    /// <param name="report">Told what takes long.</param>
    public static TrainingSubject Open(TrainingPlan plan, TrainerOptions options, bool isResumed, Action<string> report)
    {
        var trainable = new TrainableOptions { Threads = options.Threads, InstructionSet = options.InstructionSet, ReplaysLayers = plan.RecomputeBlocks };
        if (plan.Brick is not { } recipe)
            return new TrainingSubject(StartModel.Open(plan, options, trainable, isResumed, report), null);
        // What is measured is what is trained: activations are not rounded.
        using var model = LanguageModel.Load(plan.Model, new LoadOptions { Threads = options.Threads, InstructionSet = options.InstructionSet, Precision = Precision.Exact });
        var brick = recipe.Make(model);
        return new TrainingSubject(model.TrainBrick(brick, trainable), brick);
    }

    /// <summary>What a log calls the form of the result.</summary>
    public string Form => _start is null ? "gguf" : "brick";

    /// <summary>Where the result is written.</summary>
    public string FileIn(string folder, TrainingPlan plan) => Path.Combine(folder, _start is null ? plan.Name + ".gguf" : _start.Id + ".brick");

    /// <summary>Writes what is trained as it is now.</summary>
    /// <param name="path">The file.</param>
    /// <param name="plan">Its storage type and where it comes from.</param>
    /// <param name="operation">The training, for the log.</param>
    /// <param name="sources">What it has read.</param>
    /// <param name="threads">The most threads that work.</param>
    /// <param name="history">What was measured.</param>
    /// <exception cref="CheckpointException">It cannot be written.</exception>
    public void Save(string path, TrainingPlan plan, LoggedOperation operation, IReadOnlyList<LoggedSource> sources, int? threads, MetricsHistory history)
    {
        if (_start is null)
            Model.Save(path, new ConvertOptions { Type = plan.OutputType.ToString(), Overwrite = true, Threads = threads, Operation = operation, Sources = sources });
        else
            Model.Model.TakeBrick(_start).Describe(manifest => Describe(manifest, plan, history) with { Log = OperationLog.After(operation, sources) }).As(plan.OutputType).Save(path, new SaveOptions { Existing = ExistingFiles.Replace });
    }

    public void Dispose() => Model.Dispose();

    static BrickManifest Describe(BrickManifest manifest, TrainingPlan plan, MetricsHistory history) => manifest with
    {
        Provenance = $"trained on {string.Join(", ", plan.Data.Select(domain => domain.Source.Domain).Distinct())}",
        Scores = Scores(history),
    };

    /// <summary>Bits per byte of held-out texts of each domain, before and after.</summary>
    static Dictionary<string, double> Scores(MetricsHistory history)
    {
        var scores = new Dictionary<string, double>();
        if (history.LastEvaluation is not { } last)
            return scores;
        var before = history.Evaluations[0] is { Step: 0 } first ? first : null;
        foreach (var (name, domain) in last.Domains)
        {
            if (before is not null && before.Domains.TryGetValue(name, out var was))
                scores.Add($"{name} bits per byte without it", was.BitsPerByte);
            scores.Add($"{name} bits per byte", domain.BitsPerByte);
        }
        return scores;
    }
}
