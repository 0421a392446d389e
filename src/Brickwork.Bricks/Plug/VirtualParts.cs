using Brickwork.Formats.BrickFiles;
using Brickwork.Models.Parts.Adapters;

namespace Brickwork.Bricks.Plug;

/// <summary>Rows before those of a text: of the embedding, or of the keys and values of a layer.</summary>
sealed class VirtualParts(Brick brick, TargetIndex index)
{
    public IEnumerable<PlannedPart> Plan(string target, IReadOnlySet<string> roles)
    {
        if (index.Model.Decoder.States.LooksAhead)
            throw new UnsupportedModelException($"Brick '{brick.Id}' puts tokens before a text, which {index.Model.Config.Name} reads as a whole.", "Plug it into a model that writes.");
        if (roles.Contains(BrickTensors.Prompt))
            return [Plan(target, target + BrickTensors.Prompt, index.Model.Config.Width)];
        var count = brick.Open(target + BrickTensors.PrefixKeys).Rows;
        if (brick.Open(target + BrickTensors.PrefixValues) is var values && values.Rows != count)
            throw BrickReader.Wrong(brick, target + BrickTensors.PrefixValues, values.Shape, $"as many rows as there are keys, {count}");
        return [Plan(target + ".key", target + BrickTensors.PrefixKeys), Plan(target + ".value", target + BrickTensors.PrefixValues)];
    }

    PlannedPart Plan(string slot, string name) =>
        index.Find(slot) is [var projection] ? Plan(slot, name, projection.Rows) : throw index.NotFound(slot, brick.Id);

    PlannedPart Plan(string slot, string name, int width)
    {
        var place = index.SlotOf(slot) ?? throw index.NotFound(slot, brick.Id);
        var rows = brick.Matrix(name, brick.Open(name).Rows, width);
        return new PlannedPart(place, part => new VirtualRows(brick.Id, part) { Values = rows, Weights = [(name, rows)] });
    }
}
