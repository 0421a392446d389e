using Brickwork.Formats.BrickFiles;
using Brickwork.Models.Parts;
using Brickwork.Models.Parts.Adapters;
using Brickwork.Tensors.Weights;

namespace Brickwork.Bricks.Plug;

/// <summary>Whole tensors in place of the model's own: what PEFT calls modules to save.</summary>
sealed class WholeParts(Brick brick, TargetIndex index)
{
    public IEnumerable<PlannedPart> Plan(string target)
    {
        var tensor = brick.Open(target + BrickTensors.Whole);
        if (target == TargetIndex.Tokens)
            return [Embedding(target, tensor)];
        var projections = index.Require(target, brick);
        if (tensor.Rows != projections.Sum(projection => projection.Rows) || tensor.Columns != projections[0].Inputs)
            throw BrickReader.Wrong(brick, target + BrickTensors.Whole, tensor.Shape, $"[{projections.Sum(projection => projection.Rows)}, {projections[0].Inputs}]");
        return projections.Select(projection => new PlannedPart(projection.Slot, part =>
        {
            var first = projections.Count > 1 ? projection.FirstRow : 0;
            var now = projection.Part with { Weight = new WeightMatrix(tensor.SliceRows(first, projection.Rows)), Origin = null };
            return new ReplacedPart(brick.Id, part, now);
        }));
    }

    PlannedPart Embedding(string target, Tensor tensor)
    {
        if (Adapter.Innermost(index.Model.Decoder.Embedding) is not Embedding embedding || tensor.Shape != embedding.Tokens.Shape)
            throw BrickReader.Wrong(brick, target + BrickTensors.Whole, tensor.Shape, $"[{index.Model.Config.Vocabulary}, {index.Model.Config.Width}]");
        return new PlannedPart("embedding", part => new ReplacedPart(brick.Id, part, embedding with { Tokens = tensor }));
    }
}
