namespace Brickwork.Models.Parts;

/// <summary>Parts one after the other, such as a low-rank projection with a norm between its halves.</summary>
/// <param name="Steps">First to last.</param>
sealed record Chain(IReadOnlyList<IPart> Steps) : IPart
{
    public bool HasGradient => true;

    public IReadOnlyList<Slot> Slots => [.. Slot.Each("steps", Steps, parts => new Chain(parts))];

    public Tensor Forward(Tensor input, ForwardContext context)
    {
        // By index: the enumerator of an interface is an object.
        for (var step = 0; step < Steps.Count; step++)
            input = Steps[step].Forward(input, context);
        return input;
    }
}
