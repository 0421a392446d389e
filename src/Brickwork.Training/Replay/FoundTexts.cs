using System.Globalization;
using Brickwork.Bricks.Replay;
using Brickwork.Training.Plans;
using Brickwork.Training.Session;

namespace Brickwork.Training.Replay;

/// <summary>The files of a training that is done again, under the names they had: an ending says how a file is read.</summary>
/// <param name="work">The operation.</param>
/// <param name="folder">Where copies go of what is called otherwise now.</param>
sealed class FoundTexts(ReplayedOperation work, string folder)
{
    const string Brick = "brick.";

    /// <summary>The file or folder of one entry of the plan.</summary>
    public string PathOf(int entry)
    {
        var places = Place(TrainingLog.RoleOf(entry)).ToList();
        return work.InputsOf(TrainingLog.RoleOf(entry)).FirstOrDefault().Input is not { } first ? throw work.Wrong($"has no texts for entry {entry + 1} of its plan")
            : first.Name.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash ? Path.Combine(FolderOf(first.Role), first.Name[..slash])
            : places[0];
    }

    /// <summary>The files of a role; those of a folder are put together in one again.</summary>
    public IEnumerable<string> Place(string role)
    {
        foreach (var (input, path) in work.InputsOf(role))
            yield return Path.GetFileName(path) == input.Name || !File.Exists(path) ? path : Copy(path, role, input.Name);
    }

    /// <summary>The plan of a fine-tuning that was asked for without one.</summary>
    public TrainingPlan FineTuning()
    {
        var plan = BrickOf() is { } brick ? TrainingPlan.ForText(PathOf(0), brick) : TrainingPlan.ForText(PathOf(0));
        return plan with
        {
            Steps = work.Find("steps") is "none" ? null : work.FindNumber("steps"),
            Schedule = plan.Schedule with { Rate = float.TryParse(work.Argument("schedule.rate"), CultureInfo.InvariantCulture, out var rate) ? rate : throw work.Wrong("has no number as schedule.rate") },
            Seed = work.Operation.Seed ?? plan.Seed,
        };
    }

    NewBrick? BrickOf()
    {
        if (work.Find(Brick + "kind") is not { } kind)
            return null;
        var settings = work.Operation.Arguments.Where(line => line.Key.StartsWith(Brick, StringComparison.Ordinal) && line.Value is not ("none" or ""))
            .ToDictionary(line => line.Key[Brick.Length..], line => line.Value);
        // In a plan, what a rank is divided by is a kind of its own.
        settings["kind"] = settings.Remove("scaling", out var scaling) && scaling == nameof(LoraScaling.ByRootOfRank) ? "rslora" : kind.ToLowerInvariant();
        settings.Remove("id");
        return NewBrickReader.Read(settings, work.Argument(Brick + "id"), work.Source);
    }

    string Copy(string path, string role, string name)
    {
        // A name in a log must not lead out of the folder.
        if (name.Split('/').Any(part => part is "" or "." or ".." || part.AsSpan().IndexOfAny(Path.GetInvalidFileNameChars()) >= 0))
            throw work.Wrong($"names an input '{name}', which is no name of a file");
        var copy = Path.Combine(FolderOf(role), name);
        Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
        if (!File.Exists(copy))
            File.Copy(path, copy);
        return copy;
    }

    string FolderOf(string role) => Path.Combine(folder, role);
}
