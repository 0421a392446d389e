namespace Brickwork.Bricks.Merge.Methods;

/// <summary>Keeps each difference with the probability of the density (DARE, Yu et al. 2023).</summary>
sealed class RandomDrop : ISparsifier
{
    public IReadOnlyList<MergeParameter> Parameters { get; } = [MergeParameter.Density];

    public bool IsRandom => true;

    public string? Fault(ParameterValues source, MergeDialect dialect, bool strict) =>
        strict && dialect == MergeDialect.Peft && source["density"] == 0 ? "density 0 is what PEFT divides by, which makes every value NaN" : null;

    public Sparsify? Begin(MergeTensors tensors, int source)
    {
        var density = tensors.Sources[source].Parameters["density"];
        if (density >= 1)
            return null;
        var random = tensors.Random("dare", source);
        return (stretch, deltas) =>
        {
            for (var i = 0; i < deltas.Length; i++)
                if (!(random.Of(stretch.First + i) < density))
                    deltas[i] = 0;
        };
    }
}
