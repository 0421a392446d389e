using Brickwork.Formats.Gguf;
using Brickwork.Formats.Writing;

namespace Brickwork;

/// <summary>Writes GGUF, version 3.</summary>
public static class GgufWriter
{
    static readonly string[] SplitKeys = [GgufSplit.IndexKey, GgufSplit.CountKey, GgufSplit.TensorCountKey];

    /// <summary>Starts a checkpoint; the tensors' data is then given to the writer that is returned.</summary>
    /// <param name="path">Ends in <c>.gguf</c>; where the data needs several files, these are named <c>NAME-00001-of-00003.gguf</c>.</param>
    /// <param name="metadata">Written to the first file as it is, but for <c>split.*</c>; <c>general.alignment</c> is honoured.</param>
    /// <param name="tensors">In the order they will have in the file.</param>
    /// <param name="options">Size of files and what to do where they exist.</param>
    /// <exception cref="CheckpointException">A file exists and may not be replaced, or cannot be created.</exception>
    public static CheckpointWriter Create(string path, Metadata metadata, IReadOnlyList<TensorInfo> tensors, SaveOptions? options = null)
    {
        options ??= new SaveOptions();
        var files = FilePlan.Deal(tensors, options.MaxFileBytes);
        var plans = files.Select((part, index) => Plan(PathOf(path, index, files.Count), MetadataOf(metadata, index, files.Count, tensors.Count), part));
        return new CheckpointWriter([.. plans], options);
    }

    static string PathOf(string path, int index, int count)
    {
        const string Extension = ".gguf";
        if (count == 1)
            return path;
        return GgufSplit.PartPath(path.EndsWith(Extension, StringComparison.OrdinalIgnoreCase) ? path[..^Extension.Length] : path, index, count);
    }

    static Metadata MetadataOf(Metadata metadata, int index, int count, int tensors)
    {
        var part = new Metadata(metadata.Source);
        foreach (var (key, value) in metadata)
            if (!SplitKeys.Contains(key) && (index == 0 || key == GgufFile.AlignmentKey))
                part.Set(key, value);
        if (count > 1)
        {
            part.Set(GgufSplit.IndexKey, checked((ushort)index));
            part.Set(GgufSplit.CountKey, checked((ushort)count));
            part.Set(GgufSplit.TensorCountKey, tensors);
        }
        return part;
    }

    static FilePlan Plan(string path, Metadata metadata, List<TensorInfo> tensors)
    {
        var alignment = metadata.TryInt(GgufFile.AlignmentKey) ?? GgufFile.DefaultAlignment;
        var places = new List<(TensorInfo Info, long Offset)>(tensors.Count);
        var end = 0L;
        foreach (var tensor in tensors)
        {
            places.Add((tensor, end));
            end = checked((end + tensor.Bytes + alignment - 1) / alignment * alignment);
        }
        var header = GgufHeader.Build([.. metadata], places, alignment);
        return new FilePlan(path, header, [.. places.Select(place => (place.Info, place.Offset + header.Length))], header.Length + end);
    }
}
