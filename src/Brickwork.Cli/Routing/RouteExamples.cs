using Brickwork.Cli.Terminal;

namespace Brickwork.Cli.Routing;

/// <summary>Texts that a router learns from, those of each brick by its id.</summary>
sealed class RouteExamples
{
    readonly int _limit;
    readonly List<(string? Brick, string Path, string[] Texts)> _all = [];

    RouteExamples(int limit) => _limit = limit;

    /// <summary>Every text, whoever it is for.</summary>
    public IReadOnlyList<string> All => [.. _all.SelectMany(entry => entry.Texts)];

    /// <summary>Where they all are.</summary>
    public ExampleTexts Files => FilesAt(_all.Select(entry => entry.Path));

    /// <summary>Whether there are any.</summary>
    public bool Any => _all.Count > 0;

    /// <exception cref="CorpusException">A file is missing, damaged or empty.</exception>
    public static RouteExamples Read(IEnumerable<string> named, int limit)
    {
        var examples = new RouteExamples(limit);
        foreach (var text in named)
        {
            var at = File.Exists(text) || Directory.Exists(text) ? -1 : text.IndexOf('=', StringComparison.Ordinal);
            examples._all.Add((at < 0 ? null : text[..at], text[(at + 1)..], [.. examples.FilesAt([text[(at + 1)..]]).Read()]));
        }
        return examples;
    }

    /// <summary>The texts of every brick.</summary>
    /// <exception cref="UsageException">A brick has none.</exception>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Of(IEnumerable<NamedBrick> bricks) =>
        bricks.ToDictionary(brick => brick.Brick.Id, brick => (IReadOnlyList<string>)[.. EntriesOf(brick.Brick.Id).SelectMany(entry => entry.Texts)]);

    /// <summary>Where the texts of every brick are.</summary>
    /// <exception cref="UsageException">A brick has none.</exception>
    public IReadOnlyDictionary<string, ExampleTexts> FilesOf(IEnumerable<NamedBrick> bricks) =>
        bricks.ToDictionary(brick => brick.Brick.Id, brick => FilesAt(EntriesOf(brick.Brick.Id).Select(entry => entry.Path)));

    List<(string? Brick, string Path, string[] Texts)> EntriesOf(string brick) => _all.Where(entry => entry.Brick == brick).ToList() is { Count: > 0 } entries ? entries
        : throw new UsageException($"There are no examples of what brick '{brick}' is for.", $"Give some for every brick: --examples {brick}=FILE");

    ExampleTexts FilesAt(IEnumerable<string> paths) => new() { Paths = [.. paths], Documents = _limit };
}
