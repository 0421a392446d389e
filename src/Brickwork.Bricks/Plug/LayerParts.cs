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
            return new PlannedPart(slot, part => new ShiftedOutput(brick.Id, part) { Shift = direction, Weights = [(name, direction)] });
        }
        var narrow = brick.Open(target + BrickTensors.BottleneckDown).Rows;
        var (down, up) = (brick.Matrix(target + BrickTensors.BottleneckDown, narrow, width), brick.Matrix(target + BrickTensors.BottleneckUp, width, narrow));
        var (downBias, upBias) = (brick.Vector(target + BrickTensors.BottleneckDownBias, narrow), brick.Vector(target + BrickTensors.BottleneckUpBias, width));
        return new PlannedPart(slot, part => new Bottleneck(brick.Id, part)
        {
            Down = down,
            DownBias = downBias,
            Up = up,
            UpBias = upBias,
            Weights =
            [
                (target + BrickTensors.BottleneckDown, down), (target + BrickTensors.BottleneckDownBias, downBias),
                (target + BrickTensors.BottleneckUp, up), (target + BrickTensors.BottleneckUpBias, upBias),
            ],
        });
    }
}
