using System.Buffers.Binary;
using System.Text.Json;
using Brickwork.Formats.Safetensors;
using Brickwork.Formats.Writing;

namespace Brickwork;

/// <summary>Writes safetensors, with shards and an index where the data needs several files.</summary>
public static class SafetensorsWriter
{
    const int Alignment = 8;

    /// <summary>Starts a checkpoint; the tensors' data is then given to the writer that is returned.</summary>
    /// <param name="path">Ends in <c>.safetensors</c>; where the data needs several files, these are named <c>NAME-00001-of-00003.safetensors</c>
    /// and <c>NAME.safetensors.index.json</c> stands beside them.</param>
    /// <param name="metadata">Becomes <c>__metadata__</c>; texts only.</param>
    /// <param name="tensors">In the order they will have in the file, but for larger element types first, which keeps all of them aligned.</param>
    /// <param name="options">Size of files and what to do where they exist.</param>
    /// <exception cref="CheckpointException">A file exists and may not be replaced, or cannot be created.</exception>
    /// <exception cref="UnsupportedModelException">A tensor is quantized.</exception>
    public static CheckpointWriter Create(string path, IReadOnlyDictionary<string, string> metadata, IReadOnlyList<TensorInfo> tensors, SaveOptions? options = null)
    {
        options ??= new SaveOptions();
        var files = FilePlan.Deal(tensors, options.MaxFileBytes);
        var prefix = path.EndsWith(SafetensorsFiles.Extension, StringComparison.OrdinalIgnoreCase) ? path[..^SafetensorsFiles.Extension.Length] : path;
        var plans = files.Select((part, index) => Plan(files.Count == 1 ? path : SafetensorsFiles.ShardPath(prefix, index, files.Count), metadata, part)).ToList();
        if (plans.Count > 1)
            plans.Add(Index(prefix + SafetensorsFiles.IndexExtension, plans));
        return new CheckpointWriter(plans, options);
    }

    static FilePlan Plan(string path, IReadOnlyDictionary<string, string> metadata, List<TensorInfo> tensors)
    {
        var places = new List<(TensorInfo Info, long Offset)>(tensors.Count);
        var end = 0L;
        foreach (var tensor in tensors.OrderByDescending(tensor => tensor.Type.BlockBytes()))
        {
            places.Add((tensor, end));
            end = checked(end + tensor.Bytes);
        }
        var json = JsonWriting.Bytes(writer => WriteHeader(writer, metadata, places));
        var length = (json.Length + Alignment - 1) / Alignment * Alignment;
        if (length > SafetensorsHeader.LargestHeader)
            throw new ArgumentException($"The header of {path} would have {length} bytes; the format allows {SafetensorsHeader.LargestHeader}.", nameof(metadata));
        var header = new byte[sizeof(long) + length];
        BinaryPrimitives.WriteInt64LittleEndian(header, length);
        header.AsSpan(sizeof(long)).Fill((byte)' ');
        json.CopyTo(header, sizeof(long));
        return new FilePlan(path, header, [.. places.Select(place => (place.Info, place.Offset + header.Length))], header.Length + end);
    }

    static void WriteHeader(Utf8JsonWriter writer, IReadOnlyDictionary<string, string> metadata, List<(TensorInfo Info, long Offset)> places)
    {
        if (metadata.Count > 0)
        {
            writer.WriteStartObject("__metadata__");
            foreach (var (key, value) in metadata)
                writer.WriteString(key, value);
            writer.WriteEndObject();
        }
        foreach (var (info, offset) in places)
        {
            writer.WriteStartObject(info.Name);
            writer.WriteString("dtype", SafetensorsTypes.NameOf(info));
            writer.WriteShape("shape", info.Shape);
            writer.WriteStartArray("data_offsets");
            writer.WriteNumberValue(offset);
            writer.WriteNumberValue(offset + info.Bytes);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }
    }

    static FilePlan Index(string path, List<FilePlan> shards)
    {
        var json = JsonWriting.Bytes(writer =>
        {
            writer.WriteStartObject("metadata");
            writer.WriteNumber("total_size", shards.Sum(shard => shard.Tensors.Sum(tensor => tensor.Info.Bytes)));
            writer.WriteEndObject();
            writer.WriteStartObject("weight_map");
            foreach (var shard in shards)
                foreach (var (info, _) in shard.Tensors)
                    writer.WriteString(info.Name, Path.GetFileName(shard.Path));
            writer.WriteEndObject();
        });
        return new FilePlan(path, json, [], json.Length);
    }
}
