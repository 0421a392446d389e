using Brickwork.Formats.Yaml;

namespace Brickwork.Training.Plans;

/// <summary>Makes a plan of the nodes of its file. Keys are the names of the properties, in camel case.</summary>
static class PlanReader
{
    public static TrainingPlan Read(YamlMap node, string folder)
    {
        var plan = new TrainingPlan();
        var (name, seed) = (node.Text("name") ?? plan.Name, node.Whole("seed") ?? plan.Seed);
        return plan with
        {
            Name = name,
            Model = Place(node.Text("model"), folder),
            Brick = node.Child<NewBrick?>("brick", null, brick => NewBrickReader.Read(brick, name, seed, folder)),
            New = node.Child<NewLlama?>("new", null, New),
            Tokenizer = Place(node.Text("tokenizer"), folder),
            NewTokenizer = node.Child("newTokenizer", plan.NewTokenizer, NewTokenizer),
            Data = node.Children("data", "path", domain => Domain(domain, folder)),
            HeldOut = node.Number("heldOut") ?? plan.HeldOut,
            Duplicates = node.Child<DuplicateOptions?>("duplicates", null, Duplicates),
            Steps = node.Whole("steps"),
            Tokens = node.Whole("tokens"),
            Epochs = node.Number("epochs") ?? plan.Epochs,
            Batch = node.Child("batch", plan.Batch, Batch),
            Optimizer = node.Child("optimizer", plan.Optimizer, OptimizerReader.Read),
            Schedule = node.Child("schedule", plan.Schedule, ScheduleReader.Read),
            ClipNorm = node.Has("clipNorm") ? Limit(node, "clipNorm") : plan.ClipNorm,
            RecomputeBlocks = node.Flag("recomputeBlocks") ?? plan.RecomputeBlocks,
            AverageDecay = (float?)node.Number("averageDecay"),
            Objective = node.Child("objective", plan.Objective, objective => ObjectiveReader.Read(objective, folder)),
            Evaluation = node.Child("evaluation", plan.Evaluation, Evaluation),
            Samples = node.Child("samples", plan.Samples, Samples),
            Checkpoints = node.Child("checkpoints", plan.Checkpoints, Checkpoints),
            OutputType = node.Choice("output", ("f32", DType.F32), ("f16", DType.F16), ("bf16", DType.BF16)) ?? plan.OutputType,
            Seed = seed,
        };
    }

    /// <summary>A path in the plan's folder, where there is such a file; else the text as it is, which may be the name of a model.</summary>
    public static string? Place(string? text, string folder) =>
        text is not null && Path.Combine(folder, text) is var path && (File.Exists(path) || Directory.Exists(path)) ? path : text;

    static float? Limit(YamlMap node, string key) => node.Text(key) is "none" ? null : (float?)node.Number(key);

    static NewLlama New(YamlMap node)
    {
        var made = new NewLlama();
        return made with
        {
            Width = node.Small("width") ?? made.Width,
            Layers = node.Small("layers") ?? made.Layers,
            Heads = node.Small("heads") ?? made.Heads,
            KvHeads = node.Small("kvHeads"),
            FeedForward = node.Small("feedForward"),
            Context = node.Small("context") ?? made.Context,
            TiedHead = node.Flag("tiedHead") ?? made.TiedHead,
            Deviation = (float?)node.Number("deviation") ?? made.Deviation,
            RopeBase = (float?)node.Number("ropeBase") ?? made.RopeBase,
            NormEpsilon = (float?)node.Number("normEpsilon") ?? made.NormEpsilon,
        };
    }

    static BpeTrainingOptions NewTokenizer(YamlMap node)
    {
        var made = new TrainingPlan().NewTokenizer;
        return made with
        {
            VocabularySize = node.Small("vocabulary") ?? made.VocabularySize,
            PreTokenizer = node.Text("preTokenizer") ?? made.PreTokenizer,
            SpecialTokens = node.Has("specialTokens") ? node.Texts("specialTokens") : made.SpecialTokens,
            MinimumCount = node.Small("minimumCount") ?? made.MinimumCount,
            LongestToken = node.Small("longestToken") ?? made.LongestToken,
        };
    }

    static DomainPlan Domain(YamlMap node, string folder)
    {
        var path = Place(node.Text("path"), folder);
        if (path is null)
            node.Fault("path", "a file or folder of texts");
        var source = CorpusSource.From(path ?? "?");
        return new DomainPlan
        {
            Source = source with
            {
                Domain = node.Text("domain") ?? source.Domain,
                Boundary = node.Choice("boundary", ("file", DocumentBoundary.File), ("blankLine", DocumentBoundary.BlankLine), ("line", DocumentBoundary.Line)) ?? source.Boundary,
                Encoding = node.Choice("encoding", ("utf8", TextEncoding.Utf8), ("latin1", TextEncoding.Latin1)) ?? source.Encoding,
                Template = node.Text("template"),
                LongestDocument = node.Small("longestDocument") ?? source.LongestDocument,
            },
            Share = node.Number("share"),
            HeldOut = node.Number("heldOut"),
        };
    }

    static DuplicateOptions Duplicates(YamlMap node)
    {
        var made = new DuplicateOptions();
        return made with { Threshold = node.Number("threshold") ?? made.Threshold };
    }

    static BatchPlan Batch(YamlMap node)
    {
        var made = new BatchPlan();
        return made with
        {
            Sequences = node.Small("sequences") ?? made.Sequences,
            Length = node.Small("length"),
            MicroSequences = node.Small("microSequences"),
        };
    }

    static EvaluationPlan Evaluation(YamlMap node)
    {
        var made = new EvaluationPlan();
        return made with { Every = node.Whole("every") ?? made.Every, TokensPerDomain = node.Small("tokensPerDomain") ?? made.TokensPerDomain };
    }

    static SamplePlan Samples(YamlMap node)
    {
        var made = new SamplePlan();
        return made with
        {
            Every = node.Whole("every") ?? made.Every,
            Prompts = node.Texts("prompts"),
            Tokens = node.Small("tokens") ?? made.Tokens,
            Temperature = (float?)node.Number("temperature") ?? made.Temperature,
        };
    }

    static CheckpointPlan Checkpoints(YamlMap node)
    {
        var made = new CheckpointPlan();
        return made with { Every = node.Whole("every") ?? made.Every, Keep = node.Small("keep") ?? made.Keep };
    }
}
