namespace Brickwork.Models.Parts.Adapters;

/// <summary>y + b: a bias of a projection (BitFit, Ben Zaken et al. 2022), or a control vector behind a layer (Zou et al. 2023).</summary>
/// <param name="Brick">The id of the brick.</param>
/// <param name="Base">The projection or the layer.</param>
sealed record ShiftedOutput(string Brick, IPart Base) : OutputAdapter(Brick, Base)
{
    /// <summary>b, [out].</summary>
    public required Tensor Shift { get; init; }

    protected override Tensor Change(Tensor input, Tensor output, float strength, ForwardContext context)
    {
        if (strength == 1)
            return context.AddRowTo(output, Shift);
        var row = context.Scale(context.Choose(Shift.Reshape(1, Shift.Shape.Count), [0]), strength);
        return context.AddRowTo(output, row.Reshape(row.Columns));
    }
}
