using System.Globalization;
using Brickwork.Formats.BrickFiles;
using Brickwork.Models.Parts.Adapters;

namespace Brickwork.Bricks.Plug;

/// <summary>Bottlenecks and control vectors: parts around whole layers or their halves.</summary>
sealed class LayerParts(Brick brick, TargetIndex index)
{
    public PlannedPart Plan(string target, IReadOnlySet<string> roles)
    {
        var slot = index.SlotOf(target) ?? throw index.NotFound(target, brick.Id);
        var width = index.Model.Config.Width;
        if (roles.Contains(BrickTensors.Direction))
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"{BrickTensors.Direction}{target["layers.".Length..]}");
            var direction = brick.Vector(name, width);
            return new PlannedPart(slot, part => new ShiftedOutput(brick.Id, part) { Name = name, Shift = direction });
        }
        var narrow = brick.Open(target + BrickTensors.BottleneckDown).Rows;
        return new PlannedPart(slot, part => new Bottleneck(brick.Id, part)
        {
            Target = target,
            Down = brick.Matrix(target + BrickTensors.BottleneckDown, narrow, width),
            DownBias = brick.Vector(target + BrickTensors.BottleneckDownBias, narrow),
            Up = brick.Matrix(target + BrickTensors.BottleneckUp, width, narrow),
            UpBias = brick.Vector(target + BrickTensors.BottleneckUpBias, width),
        });
    }
}
