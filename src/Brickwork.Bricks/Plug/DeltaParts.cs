using Brickwork.Formats.BrickFiles;
using Brickwork.Models.Parts.Adapters;
using Brickwork.Tensors.Weights;

namespace Brickwork.Bricks.Plug;

/// <summary>BitDelta: one sign for each weight of a projection, and one size.</summary>
sealed class DeltaParts(Brick brick, TargetIndex index)
{
    public IEnumerable<PlannedPart> Plan(string target)
    {
        if (index.Find(target) is not [var projection])
            throw index.NotFound(target, brick.Id);
        var bits = brick.Open(target + BrickTensors.DeltaSigns);
        if (bits.Type != DType.I8 || bits.Rows != projection.Rows || bits.Columns != (projection.Inputs + 7) / 8)
            throw BrickReader.Wrong(brick, target + BrickTensors.DeltaSigns, bits.Shape, $"[{projection.Rows}, {(projection.Inputs + 7) / 8}] I8");
        var factor = brick.Vector(target + BrickTensors.DeltaFactor, 1);
        return [new PlannedPart(projection.Slot, part => new SignedDelta(brick.Id, part) { Signs = new SignMatrix(bits, projection.Inputs), Factor = factor, Weights = [(target + BrickTensors.DeltaFactor, factor)] })];
    }
}
