using Brickwork.Bricks.Merge.Recipes;

namespace Brickwork.Bricks.Merge.Planning;

/// <summary>Which document of a recipe needs which.</summary>
static class DocumentOrder
{
    /// <summary>Names given twice or not at all, and circles.</summary>
    public static IEnumerable<string> Faults(IReadOnlyList<MergeDocument> documents)
    {
        foreach (var twice in documents.Where(document => document.Name is not null).GroupBy(document => document.Name, StringComparer.Ordinal).Where(group => group.Skip(1).Any()))
            yield return $"two documents have the name '{twice.Key}'.";
        if (documents.Count(document => document.Name is null) > 1)
            yield return "of several documents only one, the result, may lack a 'name'.";
        var byName = documents.Where(document => document.Name is not null).DistinctBy(document => document.Name).ToDictionary(document => document.Name!, StringComparer.Ordinal);
        foreach (var document in documents)
            if (Circle(document, byName, []) is { } circle)
            {
                yield return $"documents need each other in a circle: {string.Join(" → ", circle)}; expected documents that use results of others only as long as none leads back. Take '{circle[0]}' out of the models of '{circle[^2]}', or name a file there.";
                yield break;
            }
    }

    /// <summary>The document whose result is that of the recipe: the one without a name, or else the last.</summary>
    public static MergeDocument Result(IReadOnlyList<MergeDocument> documents) => documents.FirstOrDefault(document => document.Name is null) ?? documents[^1];

    static List<string>? Circle(MergeDocument document, Dictionary<string, MergeDocument> byName, List<string> path)
    {
        if (document.Name is { } name)
        {
            if (path.Contains(name))
                return [.. path[path.IndexOf(name)..], name];
            path = [.. path, name];
        }
        return document.Models.Select(model => byName.TryGetValue(model, out var next) ? Circle(next, byName, path) : null).FirstOrDefault(circle => circle is not null);
    }
}
