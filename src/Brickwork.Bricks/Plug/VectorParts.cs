using Brickwork.Formats.BrickFiles;
using Brickwork.Models.Parts.Adapters;

namespace Brickwork.Bricks.Plug;

/// <summary>(IA)³ and BitFit: one value for each input or output of a projection.</summary>
sealed class VectorParts(Brick brick, TargetIndex index)
{
    public IEnumerable<PlannedPart> Plan(string target, IReadOnlySet<string> roles)
    {
        var projections = index.Find(target);
        if (projections.Count == 0)
            throw index.NotFound(target, brick.Id);
        foreach (var projection in projections)
        {
            var name = projections.Count > 1 ? projection.Name : target;
            if (roles.Contains(BrickTensors.InputFactors))
            {
                var factors = brick.Vector(target + BrickTensors.InputFactors, projection.Inputs);
                yield return new PlannedPart(projection.Slot, part => new ScaledInput(brick.Id, part) { Target = name, Factors = factors });
            }
            if (roles.Contains(BrickTensors.OutputFactors))
            {
                var factors = Slice(target + BrickTensors.OutputFactors, projection, projections);
                yield return new PlannedPart(projection.Slot, part => new ScaledOutput(brick.Id, part) { Target = name, Factors = factors });
            }
            if (roles.Contains(BrickTensors.Shift))
            {
                var shift = Slice(target + BrickTensors.Shift, projection, projections);
                yield return new PlannedPart(projection.Slot, part => new ShiftedOutput(brick.Id, part) { Name = name + BrickTensors.Shift, Shift = shift });
            }
        }
    }

    /// <summary>The values that belong to one of the projections in a tensor.</summary>
    Tensor Slice(string name, Projection projection, IReadOnlyList<Projection> all)
    {
        var values = brick.Vector(name, all.Sum(each => each.Rows));
        return BrickReader.Rows(values.Reshape(values.Columns, 1), all.Count > 1 ? projection.FirstRow : 0, projection.Rows).Reshape(projection.Rows);
    }
}
