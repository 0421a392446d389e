using Brickwork.Formats.BrickFiles;
using Brickwork.Models.Parts.Adapters;

namespace Brickwork.Bricks.Plug;

/// <summary>One part of a brick that is to stand in a slot.</summary>
/// <param name="Slot">Where.</param>
/// <param name="Around">Puts it around what stands there.</param>
sealed record PlannedPart(SlotPath Slot, Func<IPart, Adapter> Around);

/// <summary>Turns the tensors of a brick into parts for the slots of a model.</summary>
sealed class BrickParts(Brick brick, LanguageModel model)
{
    readonly TargetIndex _index = new(model);

    /// <summary>Every part, in the order in which they are put into their slots.</summary>
    /// <exception cref="CheckpointException">A tensor fits no slot of the model, or has a wrong shape.</exception>
    /// <exception cref="UnsupportedModelException">The model's part in a slot cannot take this brick.</exception>
    public IReadOnlyList<PlannedPart> Plan() =>
    [
        .. brick.Tensors.Keys.Select(name => BrickTensors.Split(name)!.Value).GroupBy(name => name.Target, name => name.Role)
            .OrderBy(target => target.Contains(BrickTensors.Whole) ? 0 : 1)
            .SelectMany(target => Plan(target.Key, target.ToHashSet(StringComparer.Ordinal))),
    ];

    IEnumerable<PlannedPart> Plan(string target, IReadOnlySet<string> roles)
    {
        // A gate is read by whoever trains gates or routes by them.
        if (roles is { Count: 1 } && roles.Contains(BrickTensors.Gate))
            return _index.Find(target).Count > 0 ? [] : throw _index.NotFound(target, brick.Id);
        var parts = new List<PlannedPart>();
        if (roles.Contains(BrickTensors.Whole))
            parts.AddRange(new WholeParts(brick, _index).Plan(target));
        if (roles.Contains(BrickTensors.LoraUp))
            parts.AddRange(new LowRankParts(brick, _index).Plan(target));
        if (roles.Contains(BrickTensors.OutputFactors) || roles.Contains(BrickTensors.InputFactors) || roles.Contains(BrickTensors.Shift))
            parts.AddRange(new VectorParts(brick, _index).Plan(target, roles));
        if (roles.Contains(BrickTensors.DeltaSigns))
            parts.AddRange(new DeltaParts(brick, _index).Plan(target));
        if (roles.Contains(BrickTensors.Prompt) || roles.Contains(BrickTensors.PrefixKeys))
            parts.AddRange(new VirtualParts(brick, _index).Plan(target, roles));
        if (roles.Contains(BrickTensors.BottleneckUp) || roles.Contains(BrickTensors.Direction))
            parts.Add(new LayerParts(brick, _index).Plan(target, roles));
        return parts.Count > 0 ? parts : throw new UnsupportedModelException(
            $"Brick '{brick.Id}' holds {string.Join(", ", roles)} for '{target}', which this version cannot plug.", "Use a brick of another kind.");
    }
}
