using Brickwork.Formats.Reading;

namespace Brickwork.Formats.Safetensors;

/// <summary>Checks that the tensors of a safetensors file are what they claim to be, and cover its data without hole or overlap.</summary>
static class SafetensorsLayout
{
    const int MostDimensions = 4;

    public static SafetensorsEntry Check(string name, string typeName, ulong[] shape, ulong start, ulong end, string source)
    {
        if (!SafetensorsTypes.TryGet(typeName, out var type))
            throw new UnsupportedModelException($"Tensor '{name}' in {source} is stored as {typeName}; this version reads F64, F32, F16, BF16, I64, I32, I16, I8, U8 and BOOL.",
                "Download a revision in BF16 or F16, or convert it with the library it comes from.");
        if (!CheckedShape.TryCreate(Fold(shape), type, out var checkedShape, out var bytes, out var fault))
            throw Fault(source, name, $"has the shape {fault}", "a shape the file has room for");
        if (start > end || end > long.MaxValue / 2 || (long)(end - start) != bytes)
            throw Fault(source, name, $"has data_offsets [{start}, {end}]", $"{bytes} bytes for {typeName}{CheckedShape.Describe(shape)}");
        return new SafetensorsEntry(new TensorInfo(name, type, checkedShape), (long)start, (long)end);
    }

    /// <summary>Counts offsets from the start of the file, once it is sure that they tile what follows the header.</summary>
    public static List<SafetensorsEntry> Place(List<SafetensorsEntry> entries, long dataStart, long fileLength, string source)
    {
        var end = 0L;
        var placed = new List<SafetensorsEntry>(entries.Count);
        foreach (var entry in entries.OrderBy(entry => entry.Start).ThenBy(entry => entry.End))
        {
            if (entry.Start != end)
                throw Fault(source, entry.Info.Name, $"starts at {entry.Start} of the data", $"{end}, where the tensor before it ends");
            end = entry.End;
            if (end > fileLength - dataStart)
                throw new CheckpointException(
                    $"Tensor '{entry.Info.Name}' in {source} ends at byte {dataStart + end}, but the file ends at {fileLength}.", ByteCursor.NextStep(fileLength));
            placed.Add(entry with { Start = dataStart + entry.Start, End = dataStart + end });
        }
        if (end != fileLength - dataStart)
            throw new CheckpointException($"The tensors in {source} end at byte {dataStart + end}, but the file ends at {fileLength}; expected no bytes after them.",
                ByteCursor.NextStep(fileLength));
        return placed;
    }

    public static CheckpointException Fault(string source, string name, string found, string expected) => new(
        $"Tensor '{name}' in the header of {source} {found}; expected {expected}.", "The file is damaged or its writer is at fault: download or convert it again.");

    /// <summary>A number by itself becomes a row of one; dimensions beyond four fold into the fastest, which moves no value.</summary>
    static ulong[] Fold(ulong[] shape)
    {
        if (shape.Length is > 0 and <= MostDimensions)
            return shape;
        // Saturated, so that an overflow stays too large and is reported as such.
        var rest = shape.Skip(MostDimensions - 1).Aggregate(UInt128.One, (product, length) => product > ulong.MaxValue ? product : product * length);
        return [.. shape.Take(MostDimensions - 1), rest > ulong.MaxValue ? ulong.MaxValue : (ulong)rest];
    }
}
