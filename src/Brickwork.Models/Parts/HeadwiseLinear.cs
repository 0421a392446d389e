namespace Brickwork.Models.Parts;

/// <summary>Each head's values through a matrix of its own: [T, H*in] → [T, H*out].</summary>
/// <param name="Heads">One [out, in] for each head.</param>
sealed record HeadwiseLinear(IReadOnlyList<IPart> Heads) : IPart
{
    public bool HasGradient => true;

    public IReadOnlyList<Slot> Slots => [.. Slot.Each("heads", Heads, parts => new HeadwiseLinear(parts))];

    public Tensor Forward(Tensor input, ForwardContext context)
    {
        var inputs = input.Columns / Heads.Count;
        Tensor output = default;
        for (var head = 0; head < Heads.Count; head++)
        {
            var result = Heads[head].Forward(context.ChooseColumns(input, head * inputs, inputs), context);
            if (head == 0)
                output = context.Take(input.Rows, Heads.Count * result.Columns);
            context.CopyColumns(result, 0, result.Columns, output, head * result.Columns);
        }
        return output;
    }
}
