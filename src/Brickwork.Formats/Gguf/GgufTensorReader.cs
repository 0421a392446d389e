using Brickwork.Formats.Reading;

namespace Brickwork.Formats.Gguf;

/// <summary>A tensor and where its bytes start, counted from the start of the data (in the header) or of the file (once placed).</summary>
readonly record struct GgufTensor(TensorInfo Info, long Offset, long Bytes);

/// <summary>Reads the tensor list of a GGUF header and checks it against the file.</summary>
static class GgufTensorReader
{
    const int MostDimensions = 4;

    // Name of one byte, one dimension, type, offset.
    public const int SmallestEntry = 8 + 1 + 4 + 8 + 4 + 8;

    public static GgufTensor[] Read(ByteCursor cursor, int count, long alignment)
    {
        var tensors = new GgufTensor[count];
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < count; i++)
        {
            cursor.Entry = ($"tensor {i + 1} of {count}", null);
            var name = cursor.Name("the name");
            cursor.Entry = ("tensor", name);
            if (!names.Add(name))
                throw cursor.Fault("the name", "there twice", "every name once");
            tensors[i] = ReadEntry(cursor, name, alignment);
        }
        return Place(cursor, tensors, alignment);
    }

    static GgufTensor ReadEntry(ByteCursor cursor, string name, long alignment)
    {
        var rank = cursor.UInt32("the number of dimensions");
        if (rank is 0 or > MostDimensions)
            throw cursor.Fault("the number of dimensions", $"{rank}", $"1 to {MostDimensions}", 4);
        Span<ulong> dimensions = stackalloc ulong[(int)rank];
        for (var i = dimensions.Length - 1; i >= 0; i--)
            if ((dimensions[i] = cursor.UInt64("a dimension")) == 0)
                throw cursor.Fault("a dimension", "0", "at least 1", 8);
        var id = cursor.UInt32("the type");
        if (!GgufTypes.TryGet(id, out var type))
            throw new UnsupportedModelException($"{cursor.Where(4)}: values are stored as {GgufTypes.Describe(id)}, which this version cannot read.",
                "Quantize the model to another type, such as Q4_K_M or Q8_0.");
        if (!CheckedShape.TryCreate(dimensions, type, out var shape, out var bytes, out var fault))
            throw cursor.Fault("the shape", fault, "a shape the file has room for", 4);
        var offset = cursor.UInt64("the offset");
        if (offset % (ulong)alignment != 0)
            throw cursor.Fault("the offset", $"{offset}", $"a multiple of the alignment {alignment}", 8);
        if (offset > long.MaxValue / 2 || bytes > cursor.Length || (long)offset > cursor.Length - bytes)
            throw cursor.Fault("the data", $"{bytes} bytes ({type}{shape}) from {offset} on", $"an end within the file of {cursor.Length} bytes", 8);
        return new GgufTensor(new TensorInfo(name, type, shape), (long)offset, bytes);
    }

    /// <summary>Counts offsets from the start of the file, and checks that the data is there and nothing overlaps.</summary>
    static GgufTensor[] Place(ByteCursor cursor, GgufTensor[] tensors, long alignment)
    {
        var start = (cursor.Position + alignment - 1) / alignment * alignment;
        for (var i = 0; i < tensors.Length; i++)
            tensors[i] = tensors[i] with { Offset = start + tensors[i].Offset };
        var byOffset = tensors.OrderBy(tensor => tensor.Offset).ToArray();
        for (var i = 0; i < byOffset.Length; i++)
        {
            var (info, offset, bytes) = byOffset[i];
            if (offset + bytes > cursor.Length)
                throw new CheckpointException(
                    $"{cursor.Source}: tensor '{info.Name}' ({info.Type}{info.Shape}) ends at byte {offset + bytes}, but the file ends at {cursor.Length}.",
                    ByteCursor.NextStep(cursor.Length));
            if (i > 0 && byOffset[i - 1] is var before && before.Offset + before.Bytes > offset)
                throw new CheckpointException(
                    $"{cursor.Source}: tensor '{info.Name}' starts at byte {offset}, inside '{before.Info.Name}', which ends at {before.Offset + before.Bytes}.",
                    "The writer of the file is at fault: convert the model again.");
        }
        return tensors;
    }
}
