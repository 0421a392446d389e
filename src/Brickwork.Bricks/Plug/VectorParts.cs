using Brickwork.Formats.BrickFiles;
using Brickwork.Models.Parts.Adapters;

namespace Brickwork.Bricks.Plug;

/// <summary>(IA)³ and BitFit: one value for each input or output of a projection.</summary>
sealed class VectorParts(Brick brick, TargetIndex index)
{
    // In the order in which they are put into one slot.
    static readonly string[] Roles = [BrickTensors.InputFactors, BrickTensors.OutputFactors, BrickTensors.Shift];

    public IEnumerable<PlannedPart> Plan(string target, IReadOnlySet<string> roles)
    {
        var projections = index.Find(target);
        if (projections.Count == 0)
            throw index.NotFound(target, brick.Id);
        foreach (var role in Roles.Where(roles.Contains))
        {
            // One copy for all projections that share the tensor.
            var values = brick.Vector(target + role, role == BrickTensors.InputFactors ? projections[0].Inputs : projections.Sum(projection => projection.Rows));
            foreach (var projection in projections)
            {
                var own = role == BrickTensors.InputFactors ? values : BrickReader.Slice(values, projections.Count > 1 ? projection.FirstRow : 0, projection.Rows);
                yield return new PlannedPart(projection.Slot, part => Around(part, role, own) with { Weights = [(target + role, values)] });
            }
        }
    }

    Adapter Around(IPart part, string role, Tensor values) => role switch
    {
        BrickTensors.InputFactors => new ScaledInput(brick.Id, part) { Factors = values },
        BrickTensors.OutputFactors => new ScaledOutput(brick.Id, part) { Factors = values },
        _ => new ShiftedOutput(brick.Id, part) { Shift = values },
    };
}
