using Brickwork.Bricks.Replay;
using Brickwork.Training.Plans;
using Brickwork.Training.Session;

namespace Brickwork.Training.Replay;

/// <summary>The plan of a fine-tuning that was asked for without one, as its log tells it.</summary>
static class FineTuning
{
    const string Brick = "brick.";

    public static TrainingPlan Of(ReplayedOperation work, FoundTexts texts)
    {
        var entries = texts.Entries();
        // Logs of earlier versions leave it to the text.
        var heldOut = work.Find(TrainingLog.HeldOut) is null && entries is [var only] ? TrainingPlan.HeldOutOf(only) : work.FindNumber<double>(TrainingLog.HeldOut) ?? TrainingPlan.HeldOutOf(null);
        var plan = TrainingPlan.ForTexts(entries.Select(CorpusSource.From), heldOut);
        if (BrickOf(work) is { } brick)
            plan = plan.With(brick);
        return plan with
        {
            Steps = work.Find("steps") is "none" ? null : work.FindNumber<long>("steps"),
            Schedule = plan.Schedule with { Rate = work.Number<float>("schedule.rate") },
            Seed = work.Operation.Seed ?? plan.Seed,
        };
    }

    static NewBrick? BrickOf(ReplayedOperation work)
    {
        if (work.Find(Brick + "kind") is not { } kind)
            return null;
        var settings = work.Operation.Arguments.Where(line => line.Key.StartsWith(Brick, StringComparison.Ordinal) && (line.Value is not ("none" or "") || line.Key == Brick + "licence"))
            .ToDictionary(line => line.Key[Brick.Length..], line => line.Value);
        // In a plan, what a rank is divided by is a kind of its own.
        settings["kind"] = settings.Remove("scaling", out var scaling) && scaling == nameof(LoraScaling.ByRootOfRank) ? "rslora" : kind.ToLowerInvariant();
        settings.Remove("id");
        return NewBrickReader.Read(settings, work.Argument(Brick + "id"), work.Source);
    }
}
