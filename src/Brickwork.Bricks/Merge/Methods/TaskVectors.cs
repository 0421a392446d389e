using Brickwork.Kernels.Merging;

namespace Brickwork.Bricks.Merge.Methods;

/// <summary>θ₀ + λ·Σwδ over what a sparsifier leaves, with or without a vote on the sign of each element.</summary>
/// <remarks>
/// Task arithmetic (Ilharco et al. 2022), TIES, DARE, DELLA and breadcrumbs are rows of one table: <see cref="All"/>. A vote is won by
/// the sign of the sum, zero counting as plus; a difference of zero agrees with nobody. What is kept may be enlarged: to the L1 norm that
/// the whole had, or what was drawn by chance by 1 / density in the dialects other than mergekit's.
/// </remarks>
sealed class TaskVectors : IStreamedMethod
{
    const double Zero = 1e-8;

    readonly ISparsifier? _sparsifier;
    readonly bool _votes;

    TaskVectors(string name, ISparsifier? sparsifier, bool votes, bool normalize, bool rescale = false)
    {
        (Name, _sparsifier, _votes) = (name, sparsifier, votes);
        List<MergeParameter> shared = [MergeParameter.Flag("normalize", normalize), MergeParameter.Flag("rescale", rescale), new("lambda", 1)];
        if (votes)
            shared.Add(MergeParameter.Flag("frequency", false));
        Shared = shared;
        PerSource = [MergeParameter.Weight, .. sparsifier?.Parameters ?? []];
    }

    public static IReadOnlyList<IMergeMethod> All { get; } =
    [
        new TaskVectors("task_arithmetic", null, votes: false, normalize: false),
        new TaskVectors("magnitude_prune", new LargestOnly(), votes: false, normalize: false),
        new TaskVectors("ties", new LargestOnly(), votes: true, normalize: true),
        new TaskVectors("dare_linear", new RandomDrop(), votes: false, normalize: false, rescale: true),
        new TaskVectors("dare_ties", new RandomDrop(), votes: true, normalize: false, rescale: true),
        new TaskVectors("breadcrumbs", new WithoutOutliers(), votes: false, normalize: false),
        new TaskVectors("breadcrumbs_ties", new WithoutOutliers(), votes: true, normalize: false),
        new TaskVectors("della", new RankedDrop(), votes: true, normalize: true, rescale: true),
        new TaskVectors("della_linear", new RankedDrop(), votes: false, normalize: false, rescale: true),
    ];

    public string Name { get; }

    public BaseUse Base => BaseUse.Required;

    public IReadOnlyList<MergeParameter> Shared { get; }

    public IReadOnlyList<MergeParameter> PerSource { get; }

    public string? Fault(ParameterValues shared, IReadOnlyList<ParameterValues> sources, MergeDialect dialect, bool strict) =>
        sources.Select(source => _sparsifier?.Fault(source, dialect, strict)).FirstOrDefault(fault => fault is not null);

    public StretchMerge Begin(MergeTensors tensors)
    {
        double[] weights = [.. tensors.Sources.Select(source => source.Weight)];
        var sparsify = new Sparsify?[weights.Length];
        var scales = new double[weights.Length];
        for (var source = 0; source < weights.Length; source++)
        {
            sparsify[source] = _sparsifier?.Begin(tensors, source);
            scales[source] = Scale(tensors, source, sparsify[source]);
        }
        return _votes ? Vote(tensors, weights, scales, sparsify) : Add(tensors, weights, scales, sparsify);
    }

    /// <summary>How much larger what is kept becomes.</summary>
    double Scale(MergeTensors tensors, int source, Sparsify? sparsify)
    {
        if (sparsify is null || !tensors.Shared.Flag("rescale"))
            return 1;
        var density = tensors.Sources[source].Parameters["density"];
        return !_sparsifier!.IsRandom || tensors.Dialect == MergeDialect.Mergekit ? Sparsity.OldNorm(tensors, source, sparsify)
            : density > 0 ? 1 / density : 1;
    }

    static StretchMerge Add(MergeTensors tensors, double[] weights, double[] scales, Sparsify?[] sparsify)
    {
        var sum = weights.Sum();
        var factor = tensors.Shared["lambda"] / (tensors.Shared.Flag("normalize") && Math.Abs(sum) >= Zero ? sum : 1);
        return (stretch, result) =>
        {
            var sums = stretch.Sums;
            sums.Clear();
            for (var source = 0; source < weights.Length; source++)
                Differences.Add(Sparsity.Deltas(stretch, source, weights[source] * scales[source], sparsify[source]), sums);
            Differences.Round(stretch.Base, factor, sums, result);
        };
    }

    static StretchMerge Vote(MergeTensors tensors, double[] weights, double[] scales, Sparsify?[] sparsify)
    {
        // PEFT and the paper always divide, by how many agree; mergekit by what they weigh.
        var isMergekit = tensors.Dialect == MergeDialect.Mergekit;
        var rule = new VoteRule(isMergekit, tensors.Shared.Flag("frequency"), tensors.Shared.Flag("normalize") || !isMergekit);
        var lambda = tensors.Shared["lambda"];
        return (stretch, result) =>
        {
            for (var source = 0; source < weights.Length; source++)
                Sparsity.Deltas(stretch, source, scales[source], sparsify[source]);
            SignVote.Run(stretch.AllDeltas, Stretch.Most, weights, rule, stretch.Sums);
            Differences.Round(stretch.Base, lambda, stretch.Sums, result);
        };
    }
}
