using Brickwork.Formats.Yaml;
using Brickwork.Training.Plans;

namespace Brickwork;

/// <summary>What is trained, on which texts, how and for how long. All of it has good defaults but the texts.</summary>
public sealed record TrainingPlan
{
    /// <summary>What the trained model calls itself.</summary>
    public string Name { get; init; } = "trained";

    /// <summary>The model to begin with: a file, a folder or a name; null = the embedded default, unless <see cref="New"/> is given.</summary>
    public string? Model { get; init; }

    /// <summary>A brick to train in that model, whose own weights stay as they are; null = the model itself is trained.</summary>
    public NewBrick? Brick { get; init; }

    /// <summary>A model to begin from random weights instead.</summary>
    public NewLlama? New { get; init; }

    /// <summary>A model whose tokenizer a new model gets, or a Hugging Face <c>tokenizer.json</c>; null = one is trained on the texts.</summary>
    public string? Tokenizer { get; init; }

    /// <summary>What the tokenizer is like that is trained for a new model where <see cref="Tokenizer"/> names none.</summary>
    public BpeTrainingOptions NewTokenizer { get; init; } = new() { VocabularySize = 4096 };

    /// <summary>The texts.</summary>
    public IReadOnlyList<DomainPlan> Data { get; init; } = [];

    /// <summary>The share of documents of each domain that is not trained on but measured.</summary>
    public double HeldOut { get; init; } = 0.02;

    /// <summary>Whether near-duplicate documents are left out before the split; null = they are not.</summary>
    public DuplicateOptions? Duplicates { get; init; }

    /// <summary>Steps; null = as many as <see cref="Tokens"/> or <see cref="Epochs"/> ask for.</summary>
    public long? Steps { get; init; }

    /// <summary>Tokens to read; null = <see cref="Steps"/> or <see cref="Epochs"/>.</summary>
    public long? Tokens { get; init; }

    /// <summary>Passes over the texts; used where neither steps nor tokens are given.</summary>
    public double Epochs { get; init; } = 1;

    /// <summary>What one step reads.</summary>
    public BatchPlan Batch { get; init; } = new();

    /// <summary>How weights follow gradients.</summary>
    public OptimizerOptions Optimizer { get; init; } = new AdamWOptions();

    /// <summary>The learning rate of each step.</summary>
    public Schedule Schedule { get; init; } = new CosineSchedule();

    /// <summary>The longest gradient, all parameters taken as one vector; null = any.</summary>
    public float? ClipNorm { get; init; } = 1;

    /// <summary>Whether blocks are computed again in the backward pass instead of being remembered: less memory, a third more work.</summary>
    public bool RecomputeBlocks { get; init; }

    /// <summary>How much of an average of the weights stays per step; the average is what is measured and saved. null = no average.</summary>
    public float? AverageDecay { get; init; }

    /// <summary>What training makes small.</summary>
    public Objective Objective { get; init; } = new CrossEntropyObjective();

    /// <summary>When the model is measured.</summary>
    public EvaluationPlan Evaluation { get; init; } = new();

    /// <summary>What it writes while it trains.</summary>
    public SamplePlan Samples { get; init; } = new();

    /// <summary>When the state is saved.</summary>
    public CheckpointPlan Checkpoints { get; init; } = new();

    /// <summary>How the finished model or brick is stored: F32, F16 or BF16.</summary>
    public DType OutputType { get; init; } = DType.F16;

    /// <summary>Decides random weights, the order of the texts and what is held out.</summary>
    public long Seed { get; init; }

    /// <summary>The YAML it was read from; null where a program has made it.</summary>
    internal string? Yaml { get; init; }

    /// <summary>Reads a plan in YAML. Paths are relative to the plan's folder.</summary>
    /// <exception cref="RecipeException">The file is missing, is no YAML, or holds faults; all of them are named.</exception>
    public static TrainingPlan Open(string path) => PlanFile.Open(path);

    /// <summary>Reads a plan from a text.</summary>
    /// <param name="yaml">The plan.</param>
    /// <param name="source">What it is called in messages; relative paths begin in its folder.</param>
    /// <exception cref="RecipeException">It holds faults; all of them are named.</exception>
    public static TrainingPlan Parse(string yaml, string source = "plan.yml") => PlanFile.Parse(yaml, source);

    // Less can spare nothing to be measured on.
    const int SmallText = 32 << 10;

    /// <summary>
    /// A plan that fine-tunes on a text or a folder of texts: three passes at a low rate, saved now and then, and measured on a twentieth
    /// of a text that is not small.
    /// </summary>
    /// <param name="path">A file, or a folder whose entries are domains.</param>
    /// <exception cref="CorpusException">The path does not exist, or the folder is empty.</exception>
    public static TrainingPlan ForText(string path) => ForTexts(Corpus.Open(path).Sources, HeldOutOf(path));

    /// <summary>The same of texts each of which is a domain.</summary>
    internal static TrainingPlan ForTexts(IEnumerable<CorpusSource> sources, double heldOut) => new()
    {
        Name = "fine-tuned",
        // A long text is cut, so that some of it can be held out.
        Data = [.. sources.Select(source => new DomainPlan { Source = source with { LongestDocument = 8192 } })],
        HeldOut = heldOut,
        Epochs = 3,
        Batch = new BatchPlan { Sequences = 8 },
        Optimizer = new AdamWOptions { WeightDecay = 0.01f },
        Schedule = new CosineSchedule { Rate = 3e-4f, WarmUpSteps = 10 },
        Evaluation = new EvaluationPlan { Every = 50 },
        Samples = new SamplePlan { Every = 50 },
        Checkpoints = new CheckpointPlan { Every = 50 },
    };

    /// <summary>A plan that trains a brick in the same way; few values take larger steps than whole models do.</summary>
    /// <param name="path">A file, or a folder whose entries are domains.</param>
    /// <param name="brick">What is trained.</param>
    /// <exception cref="CorpusException">The path does not exist, or the folder is empty.</exception>
    public static TrainingPlan ForText(string path, NewBrick brick)
    {
        ArgumentNullException.ThrowIfNull(brick);
        return ForText(path).With(brick);
    }

    internal TrainingPlan With(NewBrick brick) => this with
    {
        Name = brick.Id,
        Brick = brick,
        Optimizer = new AdamWOptions { WeightDecay = 0 },
        Objective = brick is NewBitDelta delta ? new DistillationObjective { Teacher = delta.Tuned, TextShare = 0 } : new CrossEntropyObjective(),
        Schedule = new CosineSchedule { Rate = brick is NewLora or NewBottleneck ? 2e-3f : 1e-2f, WarmUpSteps = 10 },
    };

    /// <summary>The share of a text, or of a folder of them, that is measured and not trained on.</summary>
    internal static double HeldOutOf(string? path) => File.Exists(path) && new FileInfo(path).Length < SmallText ? 0 : 0.05;

    /// <summary>Raises an exception that names everything that makes no sense.</summary>
    /// <exception cref="RecipeException">There is something.</exception>
    public void Check()
    {
        var faults = PlanCheck.Faults(this).ToList();
        if (faults.Count > 0)
            throw YamlFile.Faults("The plan", faults, PlanFile.NextStep);
    }
}
