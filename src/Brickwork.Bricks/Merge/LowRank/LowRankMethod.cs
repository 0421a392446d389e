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

/// <summary>A way to make one LoRA brick of several: the types of PEFT's <c>add_weighted_adapter</c>.</summary>
/// <remarks>
/// PEFT merges A and B apart unless a name ends in <c>svd</c>. Ours does so under its dialect only; elsewhere what is merged is the change
/// of the weights, which is what a method is about.
/// </remarks>
sealed class LowRankMethod : IMergeMethod
{
    const string OfProducts = "_svd";

    readonly IMergeMethod _elements;
    readonly bool _isSum;

    LowRankMethod(string name, IMergeMethod elements, bool isSum)
    {
        (Name, _elements, _isSum) = (name, elements, isSum);
        Shared = name == "cat" ? elements.Shared : [.. elements.Shared, new MergeParameter("rank", 0, 0, 1 << 16)];
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

    /// <summary>What it works on in a dialect.</summary>
    public LowRankSpace SpaceIn(MergeDialect dialect) =>
        Name is "cat" ? LowRankSpace.Beside
        : dialect == MergeDialect.Peft && Name is not "svd" && !Name.EndsWith(OfProducts, StringComparison.Ordinal) ? LowRankSpace.Factors
        : _isSum ? LowRankSpace.Beside : LowRankSpace.Product;

    /// <summary>PEFT multiplies with s twice where it multiplies A and B out.</summary>
    public bool DoublesFactor(MergeOptions options) => options is { Dialect: MergeDialect.Peft, StrictCompatibility: true } && (Name is "svd" || Name.EndsWith(OfProducts, StringComparison.Ordinal));

    /// <summary>The rank of the result; null = as it comes out.</summary>
    public int? RankOf(ParameterValues shared, IEnumerable<int> inputs) =>
        Name is "cat" ? null : shared["rank"] is > 0 and var rank ? (int)rank : Name is "linear" ? null : inputs.Max();

    public void Run(MergeTensors tensors, float[] result) => _elements.Run(tensors, result);

    static IEnumerable<LowRankMethod> Every()
    {
        var sum = TaskVectors.All.Single(method => method.Name == "task_arithmetic");
        foreach (var name in (string[])["linear", "cat", "svd"])
            yield return new(name, sum, isSum: true);
        foreach (var method in TaskVectors.All.Where(method => method != sum))
        {
            yield return new(method.Name, method, isSum: false);
            yield return new(method.Name + OfProducts, method, isSum: false);
        }
    }
}
