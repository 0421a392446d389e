using Brickwork.Tensors.Operations;

namespace Brickwork.Models.Parts.Adapters;

/// <summary>y + b: a bias of a projection (BitFit, Ben Zaken et al. 2022), or a control vector behind a layer (Zou et al. 2023).</summary>
/// <param name="Brick">The id of the brick.</param>
/// <param name="Base">The projection or the layer.</param>
sealed record ShiftedOutput(string Brick, IPart Base) : OutputAdapter(Brick, Base)
{
    /// <summary>The name in the brick.</summary>
    public required string Name { get; init; }

    /// <summary>b, [out].</summary>
    public required Tensor Shift { get; init; }

    public override IEnumerable<(string Name, Tensor Values)> Weights => [(Name, Shift)];

    protected override Tensor Change(Tensor input, Tensor output, float strength, ForwardContext context)
    {
        if (strength == 1)
            LowRank.AddRowTo(output, Shift, context);
        else
        {
            var row = context.Scale(Copy(context), strength);
            LowRank.AddRowTo(output, row.Reshape(row.Columns), context);
        }
        return output;
    }

    Tensor Copy(ForwardContext context)
    {
        var copy = context.Take(1, Shift.Columns);
        Gather.Run(Shift.Reshape(1, Shift.Shape.Count), [0], copy);
        if (context.Tape is { } tape)
            Gather.Record(tape, Shift.Reshape(1, Shift.Shape.Count), [0], copy);
        return copy;
    }
}
