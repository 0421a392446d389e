using System.Text.RegularExpressions;
using Brickwork.Formats.Reading;
using Brickwork.Tensors.Storage;

namespace Brickwork.Formats.Gguf;

/// <summary>Which part of a model in several files a file is, and the names of the others.</summary>
/// <param name="Source">The file this was read from.</param>
/// <param name="Prefix">The path up to <c>-00001-of-…</c>.</param>
/// <param name="Index">0-based.</param>
/// <param name="Count">Files in all.</param>
sealed partial record GgufSplit(string Source, string Prefix, int Index, int Count)
{
    public const string IndexKey = "split.no";
    public const string CountKey = "split.count";
    public const string TensorCountKey = "split.tensors.count";
    public const int MostParts = 99_999;

    public static string PartPath(string prefix, int index, int count) => $"{prefix}-{index + 1:d5}-of-{count:d5}.gguf";

    /// <summary>The files that belong together where one of them is named: all parts in order, or the file alone.</summary>
    public static IReadOnlyList<string> PartsOf(string path) =>
        PartName().Match(path) is { Success: true } name && int.Parse(name.Groups["count"].ValueSpan, provider: null) is > 0 and <= MostParts and var count
            ? [.. Enumerable.Range(0, count).Select(index => PartPath(name.Groups["prefix"].Value, index, count))]
            : [path];

    /// <summary>The part a file is, or null where it is a model by itself.</summary>
    public static GgufSplit? Of(Metadata metadata, string source)
    {
        var name = PartName().Match(source);
        var namedCount = name.Success ? int.Parse(name.Groups["count"].ValueSpan, provider: null) : 1;
        var count = metadata.TryInt(CountKey) ?? 1;
        if (count is 0 or 1 && namedCount <= 1)
            return null;
        if (count is < 1 or > MostParts)
            throw Wrong(source, CountKey, count, $"1 to {MostParts}");
        if (!name.Success)
            throw new CheckpointException($"{source} is one of {count} parts by its metadata, but its name does not say which; expected NAME-00001-of-{count:d5}.gguf.",
                "Give the parts the names they were made with, in one folder.");
        if (count != namedCount)
            throw Wrong(source, CountKey, count, $"{namedCount}, as the name of the file says");
        var index = int.Parse(name.Groups["index"].ValueSpan, provider: null) - 1;
        if (index < 0 || index >= count)
            throw new CheckpointException($"{source} is part {index + 1} of {count} by its name; expected 1 to {count}.", "Give the file the name it was made with.");
        CheckIndex(metadata, source, index);
        return new GgufSplit(source, name.Groups["prefix"].Value, index, count);
    }

    /// <summary>Opens the other parts and puts the tensors of all into the table.</summary>
    /// <returns>The metadata of the model: those of the first part.</returns>
    public Metadata AddParts(TensorTable table, GgufFile self, TensorStorage selfStorage)
    {
        Metadata? first = null;
        for (var index = 0; index < Count; index++)
        {
            var (part, storage) = index == Index ? (self, selfStorage) : OpenPart(table, index);
            first ??= part.Metadata;
            foreach (var tensor in part.Tensors)
                table.Add(tensor.Info, storage, tensor.Offset);
        }
        if (first!.TryInt(TensorCountKey) is { } expected && expected != table.Tensors.Count)
            throw Wrong(PartPath(Prefix, 0, Count), TensorCountKey, expected, $"{table.Tensors.Count}, the tensors found in the {Count} parts");
        // What is opened is no longer split; a copy written from it must not claim to be.
        foreach (var key in (string[])[IndexKey, CountKey, TensorCountKey])
            first.Remove(key);
        return first;
    }

    (GgufFile File, TensorStorage Storage) OpenPart(TensorTable table, int index)
    {
        var path = PartPath(Prefix, index, Count);
        if (!File.Exists(path))
            throw new CheckpointException($"{path} is missing: {Source} is part {Index + 1} of {Count}.", "Put all parts into one folder.");
        var storage = MappedFile.Open(path);
        table.Own(storage);
        var file = GgufFile.Read(storage, path);
        if (file.Metadata.TryInt(CountKey) is var count && count != Count)
            throw Wrong(path, CountKey, count, $"{Count}, as {Source} says");
        CheckIndex(file.Metadata, path, index);
        return (file, storage);
    }

    static void CheckIndex(Metadata metadata, string path, int index)
    {
        if (metadata.TryInt(IndexKey) is var found && found != index)
            throw Wrong(path, IndexKey, found, $"{index}, as the name of the file says");
    }

    static CheckpointException Wrong(string path, string key, int? found, string expected) => new(
        $"Metadata '{key}' in {path} is {found?.ToString(provider: null) ?? "missing"}; expected {expected}.",
        "The parts may be of different models, or renamed: download them again into one folder.");

    [GeneratedRegex(@"^(?<prefix>.+)-(?<index>[0-9]{5})-of-(?<count>[0-9]{5})\.gguf$", RegexOptions.CultureInvariant)]
    private static partial Regex PartName();
}
