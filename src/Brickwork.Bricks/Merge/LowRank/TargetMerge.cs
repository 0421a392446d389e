using Brickwork.Tensors.LinearAlgebra;

namespace Brickwork.Bricks.Merge.LowRank;

/// <summary>One input of the change of one target.</summary>
/// <param name="Brick">Its number in the recipe.</param>
/// <param name="Changes">One, or one for each expert.</param>
/// <param name="Parameters">Of the method, for this brick and target.</param>
sealed record TargetSource(int Brick, IReadOnlyList<LowRankChange> Changes, ParameterValues Parameters)
{
    public double Weight => Parameters["weight"];

    /// <summary>The parameters with another weight.</summary>
    public ParameterValues With(double weight) => Parameters.With("weight", weight);
}

/// <summary>Merges what several bricks do to one target.</summary>
sealed class TargetMerge(LowRankMethod method, MergeOptions options, long seed, Compute compute)
{
    /// <summary>Bytes of the merged factors of a target.</summary>
    public static long BytesOf(LowRankMethod method, MergeOptions options, IReadOnlyList<TargetSource> sources, ParameterValues shared)
    {
        int[] ranks = [.. sources.Select(source => source.Changes[0].Rank)];
        var (rows, columns) = (sources[0].Changes[0].Up.Rows, sources[0].Changes[0].Down.Columns);
        var most = method.RankOf(shared, ranks) is { } given ? Math.Min(given, Math.Min(rows, columns)) : int.MaxValue;
        var rank = method.SpaceIn(options) switch
        {
            LowRankSpace.Beside => most < ranks.Sum() ? most : ranks.Sum(),
            LowRankSpace.Factors => ranks[0],
            _ => most,
        };
        return (long)sources[0].Changes.Count * rank * (rows + columns) * sizeof(float);
    }

    /// <summary>The merged changes, one or one for each expert, and the squares of all that was merged and of what its rank could not hold.</summary>
    public (IReadOnlyList<LowRankChange> Changes, double All, double Lost) Run(string target, IReadOnlyList<TargetSource> sources, ParameterValues shared)
    {
        var rank = method.RankOf(shared, sources.SelectMany(source => source.Changes.Select(change => change.Rank)));
        List<LowRankChange> merged = [];
        var (all, lost) = (0.0, 0.0);
        for (var expert = 0; expert < sources[0].Changes.Count; expert++)
        {
            var name = sources[0].Changes.Count > 1 ? FormattableString.Invariant($"{target}[{expert}]") : target;
            LowRankChange[] changes = [.. sources.Select(source => source.Changes[expert])];
            var (change, whole) = Merge(name, sources, changes, shared, rank);
            merged.Add(change);
            if (whole is null)
                continue;
            all += Squares(whole);
            lost += Squares(whole - change.Product());
        }
        return (merged, all, lost);
    }

    /// <summary>The change, and where it was cut what it was cut from.</summary>
    (LowRankChange Change, Matrix? Whole) Merge(string name, IReadOnlyList<TargetSource> sources, LowRankChange[] changes, ParameterValues shared, int? rank)
    {
        switch (method.SpaceIn(options))
        {
            case LowRankSpace.Beside:
                var sum = LowRankChange.Concatenated([.. changes.Select((change, i) => (change, WeightOf(sources[i], change, sources, shared)))]);
                return rank is { } most && most < sum.Rank ? (sum.Truncated(most), sum.Product()) : (sum, null);
            case LowRankSpace.Factors:
                return (MergeFactors(name, sources, changes, shared), null);
            default:
                Matrix[] products = [.. changes.Select(change => change.Product())];
                var whole = Elements(name, products, [.. sources.Select((source, i) => source.With(WeightOf(source, changes[i])))], shared);
                return (LowRankChange.Of(compute, whole, rank!.Value), whole);
        }
    }

    /// <summary>PEFT's way: each factor by itself, its weight √|w·s|, the sign with A. The product of the sums has terms of different bricks.</summary>
    LowRankChange MergeFactors(string name, IReadOnlyList<TargetSource> sources, LowRankChange[] changes, ParameterValues shared)
    {
        if (changes.Select(change => change.Rank).Distinct().Skip(1).Any())
            throw new RecipeException($"'{name}' has different ranks in the bricks ({string.Join(", ", changes.Select(change => change.Rank))}); {method.Name} of PEFT adds their factors, which must be of one rank.",
                "Leave --strict-compat out, or use cat, svd or a method that ends in _svd.");
        ParameterValues[] signed = [.. sources.Select((source, i) => source.With(Math.CopySign(Math.Sqrt(Math.Abs(source.Weight * changes[i].Factor)), source.Weight * changes[i].Factor)))];
        ParameterValues[] plain = [.. sources.Select((source, i) => source.With(Math.Sqrt(Math.Abs(source.Weight * changes[i].Factor))))];
        return new(
            Elements(name + ".a", [.. changes.Select(change => change.Down)], signed, shared),
            Elements(name + ".b", [.. changes.Select(change => change.Up)], plain, shared), 1);
    }

    /// <summary>The method over matrices as they are, around a base of zeros.</summary>
    Matrix Elements(string name, Matrix[] values, ParameterValues[] parameters, ParameterValues shared)
    {
        var (rows, columns) = (values[0].Rows, values[0].Columns);
        var result = new float[rows * columns];
        method.Run(new MergeTensors
        {
            Name = name,
            Shape = new Shape(rows, columns),
            Base = new float[result.Length],
            Sources = [.. values.Select((matrix, i) => new MergeSource(i, (float[])[.. matrix.Values.Select(value => (float)value)], parameters[i]))],
            Shared = shared,
            Dialect = options.Dialect,
            Strict = options.StrictCompatibility,
            Seed = seed,
            Team = compute.Team,
        }, result);
        return new Matrix(rows, columns, [.. result.Select(value => (double)value)]);
    }

    double WeightOf(TargetSource source, LowRankChange change) => source.Weight * (method.DoublesFactor(options) ? change.Factor : 1);

    double WeightOf(TargetSource source, LowRankChange change, IReadOnlyList<TargetSource> all, ParameterValues shared)
    {
        var sum = all.Sum(other => other.Weight);
        return WeightOf(source, change) * shared["lambda"] / (shared.Flag("normalize") && sum != 0 ? sum : 1);
    }

    static double Squares(Matrix matrix) => Matrix.Dot(matrix.Values, matrix.Values);
}
