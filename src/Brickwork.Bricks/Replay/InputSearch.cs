using Brickwork.Formats.Gguf;
using Brickwork.Formats.Log;
using Brickwork.Models.Loading;

namespace Brickwork.Bricks.Replay;

/// <summary>Finds what a log asks for by its hash, whatever it is called now. Only what has the right number of bytes is read.</summary>
sealed class InputSearch
{
    readonly List<Candidate> _candidates = [];
    readonly HashSet<string> _seen = new(StringComparer.Ordinal);

    /// <param name="places">Files, and folders that are looked through with all that is in them.</param>
    /// <param name="shallow">Folders of which only the entries are looked at.</param>
    public InputSearch(IEnumerable<string> places, IEnumerable<string> shallow)
    {
        foreach (var place in places)
            Add(place, SearchOption.AllDirectories);
        foreach (var folder in shallow.Where(Directory.Exists))
            Add(folder, SearchOption.TopDirectoryOnly);
        foreach (var name in EmbeddedModels.Names)
            _candidates.Add(Candidate.Embedded(name));
    }

    /// <summary>How many files, folders and embedded models there were to look at.</summary>
    public int Count => _candidates.Count;

    /// <summary>The path, or the name of an embedded model; null where nothing has that hash.</summary>
    public string? Find(LoggedInput input, CancellationToken cancellation) =>
        _candidates.Where(candidate => candidate.Bytes == input.Bytes).OrderByDescending(candidate => LoggedSource.NameOf(candidate.Path) == LoggedSource.NameOf(input.Name))
            .FirstOrDefault(candidate => candidate.HashOf(cancellation) == input.Hash)?.Path;

    void Add(string place, SearchOption depth)
    {
        if (!Directory.Exists(place))
        {
            AddFile(place);
            return;
        }
        AddFolder(place);
        foreach (var folder in Directory.EnumerateDirectories(place, "*", depth))
            AddFolder(folder);
        foreach (var file in Directory.EnumerateFiles(place, "*", depth))
            AddFile(file);
    }

    void AddFolder(string folder)
    {
        if (!HuggingFaceFolder.IsAt(folder) && !Formats.BrickFiles.PeftFolder.IsAt(folder))
            return;
        if (_seen.Add(Path.GetFullPath(folder)))
            _candidates.Add(Candidate.Of(folder, ContentHash.FilesIn(folder)));
    }

    void AddFile(string file)
    {
        if (File.Exists(file) && _seen.Add(Path.GetFullPath(file)))
            _candidates.Add(Candidate.Of(file, GgufSplit.PartsOf(file)));
    }

    sealed record Candidate(string Path, long Bytes, Func<CancellationToken, string?> Hash)
    {
        string? _hash;

        public static Candidate Of(string path, IReadOnlyList<string> files) =>
            new(path, files.Sum(file => new FileInfo(file) is { Exists: true } info ? info.Length : 0), cancellation => ContentHash.OfFiles(files, cancellation).Text);

        public static Candidate Embedded(string name)
        {
            using var model = EmbeddedModels.TryOpen(name)!;
            var content = model.HashContent(default)!.Value;
            return new Candidate(name, content.Bytes, _ => content.Text);
        }

        public string? HashOf(CancellationToken cancellation) => _hash ??= Hash(cancellation);
    }
}
