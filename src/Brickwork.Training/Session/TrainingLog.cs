using System.Globalization;
using Brickwork.Formats.Log;
using Brickwork.Models.Loading;
using Brickwork.Training.Plans;

namespace Brickwork.Training.Session;

/// <summary>What the log of a trained model or brick says of its training: all that decides a byte of it.</summary>
static class TrainingLog
{
    public const string Name = "train";

    /// <summary>The plan in YAML; left out where there is none, and texts were fine-tuned on.</summary>
    public const string Plan = "plan";

    /// <summary>The hash of texts, split and tokenizer.</summary>
    public const string Texts = "texts";

    /// <summary>The kernel path; the number of threads changes no bit.</summary>
    public const string InstructionSet = "instructionSet";

    /// <summary>Steps done, which are fewer than those of the plan where somebody has stopped it.</summary>
    public const string StepsDone = "stepsDone";

    /// <summary>The roles of what is read; texts are counted, as a domain may be a folder of them.</summary>
    public const string Model = "model", Tokenizer = "tokenizer", Teacher = "teacher", Tuned = "tuned", Text = "text";

    /// <param name="plan">What was asked for.</param>
    /// <param name="form"><c>gguf</c> or <c>brick</c>.</param>
    /// <param name="compute">What it was computed with.</param>
    /// <param name="steps">Steps done.</param>
    /// <param name="dataKey">The hash of texts, split and tokenizer.</param>
    public static LoggedOperation Describe(TrainingPlan plan, string form, Compute compute, long steps, string dataKey) => new()
    {
        Name = Name,
        Arguments = LoggedOperation.Given(
        [
            ("form", form),
            .. PlanText.Of(plan).Select(line => (line.Key, (string?)line.Value)),
            (Plan, plan.Yaml),
            (StepsDone, steps.ToString(CultureInfo.InvariantCulture)),
            (Texts, dataKey),
            (InstructionSet, compute.InstructionSet.ToString()),
        ]),
        Seed = plan.Seed,
    };

    /// <summary>The files that a training reads.</summary>
    /// <exception cref="CheckpointException">One cannot be read.</exception>
    public static IReadOnlyList<LoggedSource> Sources(TrainingPlan plan)
    {
        List<LoggedSource> sources = [];
        if (plan.New is null)
            sources.Add(OfModel(Model, plan.Model));
        if (plan.Tokenizer is { } tokenizer)
            sources.Add(File.Exists(tokenizer) ? LoggedSource.OfFile(Tokenizer, tokenizer) : OfModel(Tokenizer, tokenizer) with { Log = [] });
        if (plan.Objective is DistillationObjective { Teacher: var teacher })
            sources.Add(OfModel(Teacher, teacher) with { Log = [] });
        if (plan.Brick is NewBitDelta { Tuned: var tuned })
            sources.Add(OfModel(Tuned, tuned) with { Log = [] });
        foreach (var (domain, index) in plan.Data.Select((domain, index) => (domain, index)))
            sources.AddRange(OfTexts(domain.Source.Path, index));
        return sources;
    }

    /// <summary>The role of the texts of one entry of the plan.</summary>
    public static string RoleOf(int entry) => string.Create(CultureInfo.InvariantCulture, $"{Text} {entry + 1}");

    static LoggedSource OfModel(string role, string? path)
    {
        using var model = CheckpointLocator.Open(path, new LoadOptions());
        return LoggedSource.Of(role, model);
    }

    // A folder is its files, which are named from it on.
    static IEnumerable<LoggedSource> OfTexts(string path, int entry)
    {
        if (!Directory.Exists(path))
            return [LoggedSource.OfFile(RoleOf(entry), path)];
        var above = Path.GetDirectoryName(Path.GetFullPath(Path.TrimEndingDirectorySeparator(path)))!;
        return Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).AsParallel().AsOrdered().Select(Named).ToList();

        LoggedSource Named(string file)
        {
            var source = LoggedSource.OfFile(RoleOf(entry), file);
            return source with { Input = source.Input with { Name = Path.GetRelativePath(above, file).Replace('\\', '/') } };
        }
    }
}
