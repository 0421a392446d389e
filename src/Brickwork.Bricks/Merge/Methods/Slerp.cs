namespace Brickwork.Bricks.Merge.Methods;

/// <summary>From the base to the other input along the great circle between their directions (Shoemake 1985).</summary>
sealed class Slerp : IStreamedMethod
{
    const double NearlyParallel = 0.9995;
    const double NoLength = 1e-8;

    public string Name => "slerp";

    public BaseUse Base => BaseUse.Required;

    public int MostSources => 1;

    public IReadOnlyList<MergeParameter> Shared { get; } = [new("t", null)];

    public StretchMerge Begin(MergeTensors tensors)
    {
        // The base is an end of the arc here, not the origin.
        var ends = new MergeTensors
        {
            Name = tensors.Name, Shape = tensors.Shape, Team = tensors.Team,
            Sources = [new MergeSource(-1, tensors.Origin!, ParameterValues.None), tensors.Sources[0]],
        };
        var gram = Gram.Of(ends, VectorAxis.Whole);
        var merge = gram.Combine(ends, VectorAxis.Whole, _ => Coefficients(gram, tensors.Shared["t"]));
        return (stretch, result) => ends.Within(stretch.First, result, merge);
    }

    static double[] Coefficients(Gram gram, double t)
    {
        var (from, to) = (Length(gram.Norm(0, 0)), Length(gram.Norm(0, 1)));
        var cosine = gram[0, 0, 1] / (from * to);
        if (!(Math.Abs(cosine) <= NearlyParallel))
            return [1 - t, t];
        var angle = Math.Acos(cosine);
        return [Math.Sin((1 - t) * angle) / Math.Sin(angle), Math.Sin(t * angle) / Math.Sin(angle)];
    }

    static double Length(double norm) => norm > NoLength ? norm : 1;
}
