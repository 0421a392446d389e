namespace Brickwork.Bricks.Merge.Methods;

/// <summary>Every method under its name in recipes.</summary>
static class MergeMethods
{
    static readonly Dictionary<string, IMergeMethod> ByName = ((IEnumerable<IMergeMethod>)
    [
        new Linear(), new Slerp(), new NuSlerp(), new MultiSlerp(), new Karcher(), .. TaskVectors.All, new Sce(), .. Ram.All,
        new ModelStock(), new NearSwap(), new ArceeFusion(), new Passthrough(), new Fisher(), new RegMean(), new GitRebasin(), new ZipIt(),
    ]).ToDictionary(method => method.Name, StringComparer.Ordinal);

    public static IReadOnlyList<string> Names => [.. ByName.Keys.Order(StringComparer.Ordinal)];

    /// <summary>The names of all parameters that any method reads.</summary>
    public static IReadOnlySet<string> Parameters { get; } =
        ByName.Values.SelectMany(method => method.Shared.Concat(method.PerSource)).Select(parameter => parameter.Name).ToHashSet(StringComparer.Ordinal);

    public static IMergeMethod? Find(string name) => ByName.GetValueOrDefault(name);
}
