namespace Brickwork.Models.Parts;

/// <summary>Parts that see the same rows; their outputs add up.</summary>
/// <param name="Terms">At least one, [T, in] → [T, out] each.</param>
sealed record Sum(IReadOnlyList<IPart> Terms) : IPart
{
    public bool HasGradient => true;

    public IReadOnlyList<Slot> Slots => [.. Slot.Each("terms", Terms, parts => new Sum(parts))];

    public Tensor Forward(Tensor input, ForwardContext context)
    {
        var sum = Terms[0].Forward(input, context);
        for (var term = 1; term < Terms.Count; term++)
            sum = context.Sum(sum, Terms[term].Forward(input, context));
        return sum;
    }
}
