using Brickwork.Bricks.Route;

namespace Brickwork;

/// <summary>Texts in files that gates or a fusion learn from, so that a log can say which they were.</summary>
public sealed record ExampleTexts
{
    /// <summary>Files, and folders with all that is in them; documents of plain text stand between blank lines.</summary>
    public required IReadOnlyList<string> Paths { get; init; }

    /// <summary>The most documents that are read of each path.</summary>
    public int Documents { get; init; } = 32;

    /// <summary>The most tokens of a sequence; longer documents become several.</summary>
    public int Length { get; init; } = 256;

    /// <summary>About how many tokens a batch has.</summary>
    public int BatchTokens { get; init; } = 1024;

    /// <summary>The documents, path by path.</summary>
    /// <exception cref="CorpusException">A path does not exist, is damaged, or holds no text.</exception>
    public IEnumerable<string> Read() => Paths.SelectMany(path =>
        new Corpus([CorpusSource.From(path) with { Boundary = DocumentBoundary.BlankLine }]).Documents().Select(document => document.Text).Take(Documents));

    /// <summary>The documents as tokens of a model.</summary>
    internal IReadOnlyList<TokenBatch> Batches(LanguageModel model) => TextBatches.Of(model, Read(), Length, BatchTokens);
}
