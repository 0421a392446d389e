namespace Brickwork.Models.Parts;

/// <summary>Parts one after the other, such as a low-rank projection with a norm between its halves.</summary>
/// <param name="Steps">First to last.</param>
sealed record Chain(IReadOnlyList<IPart> Steps) : IPart
{
    public IReadOnlyList<Slot> Slots => [.. Slot.Each("steps", Steps, parts => new Chain(parts))];

    public Tensor Forward(Tensor input, ForwardContext context)
    {
        foreach (var step in Steps)
            input = step.Forward(input, context);
        return input;
    }
}
