namespace Brickwork.Models.Tests.Cache.Eviction;

/// <summary>A part that keeps a copy of what another one gives.</summary>
/// <param name="Inner">What stood in the slot.</param>
/// <param name="Rows">Where the rows go.</param>
sealed record SeenRows(IPart Inner, List<float[]> Rows) : IPart
{
    public Tensor Forward(Tensor input, ForwardContext context)
    {
        var output = Inner.Forward(input, context);
        for (var row = 0; row < output.Rows; row++)
            Rows.Add(output.Row(row).ToArray());
        return output;
    }
}
