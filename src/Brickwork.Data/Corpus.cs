using Brickwork.Data.Reading;

namespace Brickwork;

/// <summary>Texts by domain, read as a stream: memory holds one document at a time, however long a file is.</summary>
public sealed class Corpus
{
    /// <exception cref="CorpusException">There are no sources, or one of them does not exist.</exception>
    public Corpus(IReadOnlyList<CorpusSource> sources)
    {
        ArgumentNullException.ThrowIfNull(sources);
        if (sources.Count == 0)
            throw new CorpusException("There is no text: the list of sources is empty.", "Name at least one file or folder.");
        foreach (var source in sources)
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(source.Domain);
            ArgumentOutOfRangeException.ThrowIfLessThan(source.LongestDocument, 64);
            if (!File.Exists(source.Path) && !Directory.Exists(source.Path))
                throw new CorpusException($"The text {source.Path} of the domain '{source.Domain}' does not exist.", "Check the path.");
        }
        Sources = sources;
        Domains = [.. sources.Select(source => source.Domain).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>Where the texts come from.</summary>
    public IReadOnlyList<CorpusSource> Sources { get; }

    /// <summary>The names of the domains, in the order of their first sources.</summary>
    public IReadOnlyList<string> Domains { get; }

    /// <summary>A file as one domain, or a folder whose entries are a domain each.</summary>
    /// <exception cref="CorpusException">The path does not exist, or the folder is empty.</exception>
    public static Corpus Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!Directory.Exists(path))
            return new Corpus([CorpusSource.From(path)]);
        var entries = Directory.EnumerateFileSystemEntries(path).Where(entry => !Path.GetFileName(entry).StartsWith('.')).Order(StringComparer.Ordinal);
        return entries.Select(CorpusSource.From).ToArray() is { Length: > 0 } sources
            ? new Corpus(sources)
            : throw new CorpusException($"The folder {path} holds no texts.", "Put txt, jsonl, json or csv files into it, or a folder for each domain.");
    }

    /// <summary>All documents, source by source, file by file in the order of names: the same order every time.</summary>
    /// <exception cref="CorpusException">A file is damaged, is no text, lacks a field, or a source holds no document at all.</exception>
    public IEnumerable<CorpusDocument> Documents()
    {
        foreach (var source in Sources)
        {
            var found = false;
            foreach (var file in SourceFile.Find(source.Path))
            {
                var number = 0;
                foreach (var text in DocumentReader.Read(file, source))
                {
                    found = true;
                    yield return new CorpusDocument(source.Domain, $"{file.Name}:{++number}", text);
                }
            }
            if (!found)
                throw new CorpusException($"The text {source.Path} of the domain '{source.Domain}' is empty.", "Check that it is the file that was meant, or leave it out.");
        }
    }
}
