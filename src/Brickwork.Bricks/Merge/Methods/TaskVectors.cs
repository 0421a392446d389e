namespace Brickwork.Bricks.Merge.Methods;

/// <summary>θ₀ + λ·Σwδ over what a sparsifier leaves, with or without a vote on the sign of each element.</summary>
/// <remarks>
/// Task arithmetic (Ilharco et al. 2022), TIES, DARE, DELLA and breadcrumbs are rows of one table: <see cref="All"/>. A vote is won by
/// the sign of the sum, zero counting as plus; a difference of zero agrees with nobody. What is kept may be enlarged: to the L1 norm that
/// the whole had, or what was drawn by chance by 1 / density in the dialects other than mergekit's.
/// </remarks>
sealed class TaskVectors : IMergeMethod
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
        sources.Select(source => _sparsifier?.Fault(source, strict)).FirstOrDefault(fault => fault is not null);

    public void Run(MergeTensors tensors, float[] result)
    {
        var kept = new Sparsity[tensors.Sources.Count];
        // The random ones share their own work out; of the others each takes a source.
        tensors.ForEach(kept.Length, source => kept[source] = Keep(tensors, source));
        if (_votes)
            Vote(tensors, kept, result);
        else
            Add(tensors, kept, result);
    }

    Sparsity Keep(MergeTensors tensors, int source)
    {
        var keep = _sparsifier?.Keep(tensors, source);
        if (keep is null || !tensors.Shared.Flag("rescale"))
            return new(keep, 1);
        var density = tensors.Sources[source].Parameters["density"];
        return new(keep, !_sparsifier!.IsRandom || tensors.Dialect == MergeDialect.Mergekit ? Differences.OldNorm(tensors, source, keep)
            : density > 0 ? 1 / density : 1);
    }

    static void Add(MergeTensors tensors, Sparsity[] kept, float[] result)
    {
        var sum = tensors.Sources.Sum(source => source.Weight);
        var factor = tensors.Shared["lambda"] / (tensors.Shared.Flag("normalize") && Math.Abs(sum) >= Zero ? sum : 1);
        tensors.ForRanges((first, end) =>
        {
            var sums = new double[end - first];
            for (var source = 0; source < kept.Length; source++)
            {
                var weight = tensors.Sources[source].Weight * kept[source].Scale;
                for (var i = 0; i < sums.Length; i++)
                    if (kept[source].Keeps(first + i))
                        sums[i] += weight * tensors.Delta(source, first + i);
            }
            for (var i = 0; i < sums.Length; i++)
                result[first + i] = (float)(tensors.Base![first + i] + factor * sums[i]);
        });
    }

    static void Vote(MergeTensors tensors, Sparsity[] kept, float[] result)
    {
        var (lambda, normalize) = (tensors.Shared["lambda"], tensors.Shared.Flag("normalize"));
        // PEFT and the paper always divide, by how many agree; mergekit by what they weigh.
        var counts = tensors.Dialect != MergeDialect.Mergekit;
        tensors.ForRanges((first, end) =>
        {
            Span<double> deltas = stackalloc double[kept.Length];
            for (var i = first; i < end; i++)
            {
                for (var source = 0; source < deltas.Length; source++)
                    deltas[source] = kept[source].Keeps(i) ? kept[source].Scale * tensors.Delta(source, i) : 0;
                var (sum, divisor) = Agreeing(tensors, deltas, Majority(tensors, deltas));
                result[i] = (float)(tensors.Base![i] + lambda * ((normalize || counts) && divisor != 0 ? sum / divisor : sum));
            }
        });
    }

    /// <summary>+1 or −1.</summary>
    static int Majority(MergeTensors tensors, ReadOnlySpan<double> deltas)
    {
        var sum = 0.0;
        for (var source = 0; source < deltas.Length; source++)
        {
            var vote = tensors.Dialect == MergeDialect.Mergekit ? tensors.Sources[source].Weight * deltas[source] : deltas[source];
            sum += tensors.Shared.Flag("frequency") ? Math.Sign(vote) : vote;
        }
        return sum >= 0 ? 1 : -1;
    }

    static (double Sum, double Divisor) Agreeing(MergeTensors tensors, ReadOnlySpan<double> deltas, int sign)
    {
        var (sum, divisor) = (0.0, 0.0);
        for (var source = 0; source < deltas.Length; source++)
        {
            var weight = tensors.Sources[source].Weight;
            var vote = tensors.Dialect == MergeDialect.Mergekit ? weight * deltas[source] : deltas[source];
            if (Math.Sign(vote) != sign)
                continue;
            sum += weight * deltas[source];
            divisor += tensors.Dialect == MergeDialect.Mergekit ? weight : 1;
        }
        return (sum, divisor);
    }

    /// <summary>What is left of a difference: which elements, null = all, and how much larger they become.</summary>
    readonly record struct Sparsity(bool[]? Mask, double Scale)
    {
        public bool Keeps(int element) => Mask is null || Mask[element];
    }
}
