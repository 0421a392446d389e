using System.Globalization;

namespace Brickwork.Bricks.Weights;

/// <summary>Which bricks the weights of a model hold, as far as its log tells.</summary>
static class HeldBricks
{
    /// <summary>The operations, how strongly they work, and the argument that holds the hash of the brick's tensors, which a new manifest leaves as it is.</summary>
    public const string Plug = "plug", Unplug = "unplug", Strength = "strength", Content = "content";

    /// <exception cref="CheckpointException">The model does not hold the brick at this strength as far as it tells, or tells of none where the brick names the model it was made for.</exception>
    public static void Require(LanguageModel model, Brick brick, PlugOptions options)
    {
        if (options.AnyParent)
            return;
        var history = Of(model).ToList();
        var open = Open(history.Where(entry => entry.Content == brick.Manifest.Content));
        // A brick that names no parent may be in a model that has no log: other tools worked it in.
        if (open.Contains(options.Strength) || history.Count == 0 && brick.Manifest.Parent is null)
            return;
        var told = history.Count == 0 ? "tells of no brick in its weights" : $"tells of the tensors {string.Join(", ", history)}";
        throw new CheckpointException(
            $"Brick '{brick.Id}' ({Shortened(brick.Manifest.Content!)}) was to be taken out of {model.Config.Name} at strength {Text(options.Strength)}, whose log {told}; expected that it was worked in at that strength and not taken out since.",
            open is [var held, ..] && float.IsFinite(held) ? $"Give the strength that it was worked in at: BRICK:{Text(held)}"
            : "Take the model that brick plug --into-weights wrote. Where you know that the brick is in these weights, allow it: --any-parent");
    }

    /// <summary>The strengths at which a brick was worked in and not taken out again, the last first.</summary>
    static List<float> Open(IEnumerable<Change> changes)
    {
        List<float> held = [], takenOut = [];
        foreach (var (_, direction, strength) in changes)
            if (direction == WeightDirection.OutOf)
                takenOut.Add(strength);
            else if (!takenOut.Remove(strength))
                held.Add(strength);
        return held;
    }

    /// <summary>What was worked in and out, the last first.</summary>
    static IEnumerable<Change> Of(LanguageModel model)
    {
        if (model.Checkpoint is BrickCheckpoint changed)
            return Of(changed.Model).Prepend(new Change(changed.Brick.Manifest.Content!, changed.Direction, changed.Strength));
        return Line(OperationLog.Of(model.Metadata)).Where(operation => operation.Name is Plug or Unplug && operation.Arguments.ContainsKey(Content))
            .Select(operation => new Change(operation.Arguments[Content], operation.Name == Plug ? WeightDirection.Into : WeightDirection.OutOf, StrengthOf(operation)));
    }

    /// <summary>Not a number where a log does not say: no brick is held at that.</summary>
    static float StrengthOf(LoggedOperation operation) =>
        float.TryParse(operation.Arguments.GetValueOrDefault(Strength), NumberStyles.Float, CultureInfo.InvariantCulture, out var strength) ? strength : float.NaN;

    /// <summary>From the last operation back over the one model that each has read; those that made bricks are passed over.</summary>
    static IEnumerable<LoggedOperation> Line(IReadOnlyList<LoggedOperation> log)
    {
        for (var index = log.Count - 1; index >= 0;)
        {
            var operation = log[index];
            yield return operation;
            // Only what stands before it can have made it, so that a log in a circle ends.
            var before = operation.Inputs.Where(input => input.Role == "model").ToList() is [{ Hash: { } hash }] ? hash : null;
            do
                index--;
            while (index >= 0 && (before is null || log[index].Output != before));
        }
    }

    static string Text(float strength) => strength.ToString(CultureInfo.InvariantCulture);

    static string Shortened(string hash) => hash[..Math.Min(12, hash.Length)] + "…";

    readonly record struct Change(string Content, WeightDirection Direction, float Strength)
    {
        public override string ToString() => $"{(Direction == WeightDirection.Into ? "+" : "-")}{Shortened(Content)} at {Text(Strength)}";
    }
}
