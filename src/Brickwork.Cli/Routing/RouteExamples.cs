using Brickwork.Cli.Terminal;

namespace Brickwork.Cli.Routing;

/// <summary>Texts that a router learns from, those of each brick by its id.</summary>
sealed class RouteExamples
{
    readonly List<(string? Brick, string[] Texts)> _all = [];

    /// <summary>Every text, whoever it is for.</summary>
    public IReadOnlyList<string> All => [.. _all.SelectMany(entry => entry.Texts)];

    /// <summary>Whether there are any.</summary>
    public bool Any => _all.Count > 0;

    /// <exception cref="UsageException">A text is empty.</exception>
    /// <exception cref="CorpusException">A file is missing or damaged.</exception>
    public static RouteExamples Read(IEnumerable<string> named, int limit)
    {
        var examples = new RouteExamples();
        foreach (var text in named)
        {
            var at = File.Exists(text) || Directory.Exists(text) ? -1 : text.IndexOf('=', StringComparison.Ordinal);
            examples._all.Add((at < 0 ? null : text[..at], [.. Documents(text[(at + 1)..], limit)]));
        }
        return examples;
    }

    /// <summary>The first documents of a file or folder; those of plain text stand between blank lines.</summary>
    public static IEnumerable<string> Documents(string path, int limit) =>
        new Corpus([CorpusSource.From(path) with { Boundary = DocumentBoundary.BlankLine }]).Documents().Select(document => document.Text).Take(limit);

    /// <summary>The texts of every brick.</summary>
    /// <exception cref="UsageException">A brick has none.</exception>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Of(IEnumerable<NamedBrick> bricks) => bricks.ToDictionary(brick => brick.Brick.Id, brick => Of(brick.Brick.Id));

    /// <summary>The texts of a brick.</summary>
    /// <exception cref="UsageException">It has none.</exception>
    public IReadOnlyList<string> Of(string brick) => _all.Where(entry => entry.Brick == brick).SelectMany(entry => entry.Texts).ToList() is { Count: > 0 } texts ? texts
        : throw new UsageException($"There are no examples of what brick '{brick}' is for.", $"Give some for every brick: --examples {brick}=FILE");
}
