using System.Globalization;
using Brickwork.Bricks.Log;
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

    /// <summary>The share of documents that is held out, where no plan in YAML says it.</summary>
    public const string HeldOut = "heldOut";

    /// <summary>Steps done, which are fewer than those of the plan where somebody has stopped it.</summary>
    public const string StepsDone = "stepsDone";

    /// <summary>The roles of what is read beside texts.</summary>
    public const string Model = "model", Tokenizer = "tokenizer", Teacher = "teacher", Tuned = "tuned";

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
            (HeldOut, plan.Yaml is null ? plan.HeldOut.ToString(CultureInfo.InvariantCulture) : null),
            (StepsDone, steps.ToString(CultureInfo.InvariantCulture)),
            (Texts, dataKey),
            (ComputeLog.InstructionSet, compute.InstructionSet.ToString()),
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
        sources.AddRange(LoggedTexts.Of(plan.Data.Select(domain => domain.Source.Path)));
        return sources;
    }

    static LoggedSource OfModel(string role, string? path)
    {
        using var model = CheckpointLocator.Open(path, new LoadOptions());
        return LoggedSource.Of(role, model);
    }
}
