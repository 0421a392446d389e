namespace Brickwork.Bricks.Merge.Methods;

/// <summary>SLERP by two weights, over the whole tensor or vector by vector; with a base, between the differences from it.</summary>
sealed class NuSlerp : IStreamedMethod
{
    const double NoWeight = 1e-6;
    const double NoLength = 1e-7;
    const double Parallel = 1e-8;

    public string Name => "nuslerp";

    public BaseUse Base => BaseUse.Optional;

    public int LeastSources => 2;

    public int MostSources => 2;

    public IReadOnlyList<MergeParameter> Shared { get; } = [MergeParameter.Flag("nuslerp_flatten", true), MergeParameter.Flag("nuslerp_row_wise", false)];

    public IReadOnlyList<MergeParameter> PerSource { get; } = [MergeParameter.Weight];

    public StretchMerge Begin(MergeTensors tensors)
    {
        // mergekit's "row wise" runs along the first axis.
        var axis = tensors.Shared.Flag("nuslerp_flatten") || tensors.Shape.Rank == 1 ? VectorAxis.Whole
            : tensors.Shared.Flag("nuslerp_row_wise") ? VectorAxis.Slowest : VectorAxis.Rows;
        var (first, second) = (tensors.Sources[0].Weight, tensors.Sources[1].Weight);
        var t = Math.Abs(first + second) < NoWeight ? 0.5 : second / (first + second);
        var gram = Gram.Of(tensors, axis);
        return gram.Combine(tensors, axis, group => Coefficients(gram, group, t));
    }

    static double[] Coefficients(Gram gram, int group, double t)
    {
        var cosine = gram[group, 0, 1] / (Math.Max(gram.Norm(group, 0), NoLength) * Math.Max(gram.Norm(group, 1), NoLength));
        var angle = Math.Acos(Math.Clamp(cosine, -1, 1));
        var sine = Math.Sin(angle);
        return Math.Abs(sine) < Parallel ? [1 - t, t] : [Math.Sin((1 - t) * angle) / sine, Math.Sin(t * angle) / sine];
    }
}
