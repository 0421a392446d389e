namespace Brickwork.Bricks.Weights;

/// <summary>Which bricks the weights of a model hold, as far as its log tells.</summary>
static class HeldBricks
{
    /// <summary>The operations, and the argument that holds the hash of the brick's tensors, which a new manifest leaves as it is.</summary>
    public const string Plug = "plug", Unplug = "unplug", Content = "content";

    /// <exception cref="CheckpointException">The model tells of other bricks only, or of none where this one names the model it was made for.</exception>
    public static void Require(LanguageModel model, Brick brick, bool anyParent)
    {
        if (anyParent)
            return;
        var history = Of(model).ToList();
        // A brick that names no parent may be in a model that has no log: other tools worked it in.
        var last = history.FindIndex(entry => entry.Content == brick.Manifest.Content);
        if (last >= 0 ? history[last].Direction == WeightDirection.Into : history.Count == 0 && brick.Manifest.Parent is null)
            return;
        var told = history.Count == 0 ? "tells of no brick in its weights" : $"tells of the tensors {string.Join(", ", history.Select(entry => $"{(entry.Direction == WeightDirection.Into ? "+" : "-")}{Shortened(entry.Content)}"))}";
        throw new CheckpointException($"Brick '{brick.Id}' ({Shortened(brick.Manifest.Content!)}) was to be taken out of {model.Config.Name}, whose log {told}; expected that it was worked in.",
            "Take the model that brick plug --into-weights wrote. Where you know that the brick is in these weights, allow it: --any-parent");
    }

    /// <summary>What was worked in and out, the last first.</summary>
    static IEnumerable<(string Content, WeightDirection Direction)> Of(LanguageModel model)
    {
        if (model.Checkpoint is BrickCheckpoint changed)
            return Of(changed.Model).Prepend((changed.Brick.Manifest.Content!, changed.Direction));
        return Line(OperationLog.Of(model.Metadata)).Where(operation => operation.Name is Plug or Unplug && operation.Arguments.ContainsKey(Content))
            .Select(operation => (operation.Arguments[Content], operation.Name == Plug ? WeightDirection.Into : WeightDirection.OutOf));
    }

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

    static string Shortened(string hash) => hash[..Math.Min(12, hash.Length)] + "…";
}
