using Brickwork.Bricks.Merge.Methods;

namespace Brickwork.Bricks.Merge.LowRank;

/// <summary>What a method for LoRA bricks works on.</summary>
enum LowRankSpace
{
    /// <summary>Factors put beside each other: the weighted sum itself, with a rank that is the sum of ranks.</summary>
    Beside,

    /// <summary>The products s·BA; what comes out is cut to a rank.</summary>
    Product,

    /// <summary>A by itself and B by itself, as PEFT does it: the product of two sums has terms that no input had.</summary>
    Factors,
}

/// <summary>The rank of a merged change.</summary>
enum ResultRank
{
    /// <summary>That of all inputs together.</summary>
    Sum,

    /// <summary>The same, unless the recipe gives one.</summary>
    SumUnlessGiven,

    /// <summary>The largest of the inputs, unless the recipe gives one.</summary>
    LargestUnlessGiven,
}

/// <summary>A way to make one LoRA brick of several: the types of PEFT's <c>add_weighted_adapter</c>.</summary>
/// <remarks>
/// PEFT merges A and B apart unless a name ends in <c>svd</c>. Ours does so only where its defects are asked for by name; elsewhere what is
/// merged is the change of the weights, which is what a method is about (decision 0017).
/// </remarks>
sealed class LowRankMethod : IMergeMethod
{
    readonly IMergeMethod _elements;
    readonly LowRankSpace _ours, _theirs;
    readonly ResultRank _rank;

    /// <param name="name">As in recipes.</param>
    /// <param name="elements">What is done to single values.</param>
    /// <param name="ours">What ours works on.</param>
    /// <param name="theirs">What PEFT works on.</param>
    /// <param name="rank">Of the result.</param>
    LowRankMethod(string name, IMergeMethod elements, LowRankSpace ours, LowRankSpace theirs, ResultRank rank)
    {
        (Name, _elements, _ours, _theirs, _rank) = (name, elements, ours, theirs, rank);
        Shared = rank == ResultRank.Sum ? elements.Shared : [.. elements.Shared, new MergeParameter("rank", 0, 0, 1 << 16)];
    }

    public static IReadOnlyList<LowRankMethod> All { get; } = [.. Every()];

    public static IReadOnlyList<string> Names => [.. All.Select(method => method.Name).Order(StringComparer.Ordinal)];

    public string Name { get; }

    public BaseUse Base => BaseUse.Optional;

    /// <summary>With <c>rank</c>: that of the result, 0 = the largest of the inputs, or of sums the sum.</summary>
    public IReadOnlyList<MergeParameter> Shared { get; }

    public IReadOnlyList<MergeParameter> PerSource => _elements.PerSource;

    public static LowRankMethod? Find(string name) => All.FirstOrDefault(method => method.Name == name);

    public string? Fault(ParameterValues shared, IReadOnlyList<ParameterValues> sources, MergeDialect dialect, bool strict) => _elements.Fault(shared, sources, dialect, strict);

    /// <summary>What it works on.</summary>
    public LowRankSpace SpaceIn(MergeOptions options) => CopiesPeft(options) && _theirs == LowRankSpace.Factors ? LowRankSpace.Factors : _ours;

    /// <summary>PEFT multiplies with s twice where it multiplies A and B out.</summary>
    public bool DoublesFactor(MergeOptions options) => CopiesPeft(options) && _theirs == LowRankSpace.Product;

    /// <summary>The rank of the result; null = as it comes out.</summary>
    public int? RankOf(ParameterValues shared, IEnumerable<int> inputs) =>
        _rank == ResultRank.Sum ? null : shared["rank"] is > 0 and var given ? (int)given : _rank == ResultRank.SumUnlessGiven ? null : inputs.Max();

    public void Run(MergeTensors tensors, float[] result) => _elements.Run(tensors, result);

    static bool CopiesPeft(MergeOptions options) => options is { Dialect: MergeDialect.Peft, StrictCompatibility: true };

    static IEnumerable<LowRankMethod> Every()
    {
        var sum = TaskVectors.All.Single(method => method.Name == "task_arithmetic");
        yield return new("linear", sum, LowRankSpace.Beside, LowRankSpace.Factors, ResultRank.SumUnlessGiven);
        yield return new("cat", sum, LowRankSpace.Beside, LowRankSpace.Beside, ResultRank.Sum);
        yield return new("svd", sum, LowRankSpace.Beside, LowRankSpace.Product, ResultRank.LargestUnlessGiven);
        foreach (var method in TaskVectors.All.Where(method => method != sum))
        {
            yield return new(method.Name, method, LowRankSpace.Product, LowRankSpace.Factors, ResultRank.LargestUnlessGiven);
            yield return new(method.Name + "_svd", method, LowRankSpace.Product, LowRankSpace.Product, ResultRank.LargestUnlessGiven);
        }
    }
}
