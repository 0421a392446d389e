namespace Brickwork.Bricks.Merge.Methods;

/// <summary>Keeps each difference with the probability of the density (DARE, Yu et al. 2023).</summary>
sealed class RandomDrop : ISparsifier
{
    public IReadOnlyList<MergeParameter> Parameters { get; } = [MergeParameter.Density];

    public bool IsRandom => true;

    public bool[]? Keep(MergeTensors tensors, int source)
    {
        var density = tensors.Sources[source].Parameters["density"];
        if (density >= 1)
            return null;
        var random = tensors.Random("dare", source);
        var keep = new bool[tensors.Count];
        tensors.ForRanges((first, end) =>
        {
            for (var i = first; i < end; i++)
                keep[i] = random.Of(i) < density;
        });
        return keep;
    }
}
