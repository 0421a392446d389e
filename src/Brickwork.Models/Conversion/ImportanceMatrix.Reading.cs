using System.Runtime.InteropServices;
using System.Text;
using Brickwork.Formats.Reading;
using Brickwork.Models.Conversion;

namespace Brickwork;

public sealed partial class ImportanceMatrix
{
    const string SumsSuffix = ".in_sum2";
    const string CountsSuffix = ".counts";
    const string DatasetsKey = "imatrix.datasets";
    const string ChunkCountKey = "imatrix.chunk_count";
    const string ChunkSizeKey = "imatrix.chunk_size";

    /// <summary>Reads a file: GGUF, or llama.cpp's older <c>.dat</c>.</summary>
    /// <exception cref="CheckpointException">The file is missing, damaged, or no importance matrix.</exception>
    public static ImportanceMatrix Open(string path)
    {
        using var storage = MappedFile.Open(path);
        var result = new ImportanceMatrix(path);
        if (storage.Bytes(0, (int)Math.Min(4, storage.Length)).SequenceEqual("GGUF"u8))
            result.ReadGguf();
        else
            result.ReadLegacy(new ByteCursor(storage, path));
        return result.Names.Count > 0 ? result : throw new CheckpointException(
            $"{path} holds no importance of any tensor; expected tensors NAME{SumsSuffix} and NAME{CountsSuffix}.",
            "Name a file that brick imatrix or llama-imatrix wrote.");
    }

    void ReadGguf()
    {
        using var file = GgufCheckpoint.OpenFile(Source);
        foreach (var info in file.Tensors.Where(tensor => tensor.Name.EndsWith(SumsSuffix, StringComparison.Ordinal)))
        {
            var name = info.Name[..^SumsSuffix.Length];
            var (sums, counts) = (file.Open(info.Name), file.Open(name + CountsSuffix));
            if (sums.Type != DType.F32 || counts.Type != DType.F32 || counts.Shape.Count != sums.Rows || sums.Columns == 0)
                throw new CheckpointException(
                    $"Tensor '{info.Name}' in {Source} is {sums}, and its counts are {counts}; expected F32 and one count for each row.",
                    "Measure it again: brick imatrix");
            Add(name, new ColumnSums([.. sums.Floats], [.. counts.Floats]));
        }
        Datasets = file.Metadata.TryTexts(DatasetsKey) ?? [];
        Chunks = file.Metadata.TryInt(ChunkCountKey) ?? 0;
        ChunkSize = file.Metadata.TryInt(ChunkSizeKey) ?? 1;
    }

    /// <summary>Entries of name, number of pieces, number of values, values times pieces; then pieces in all and the text's name.</summary>
    void ReadLegacy(ByteCursor cursor)
    {
        var entries = cursor.UInt32("the number of entries");
        for (var index = 0u; index < entries; index++)
        {
            cursor.Entry = ($"entry {index}", null);
            var name = Encoding.UTF8.GetString(cursor.Take(Length(cursor, 1), "the name"));
            var pieces = cursor.UInt32("the number of pieces");
            var bytes = cursor.Take(Length(cursor, sizeof(float)), "the values");
            if (bytes.IsEmpty)
                throw cursor.Fault("the number of values", "0", "at least 1", sizeof(uint));
            Add(name, new ColumnSums(MemoryMarshal.Cast<byte, float>(bytes).ToArray(), [pieces]));
        }
        if (cursor.Remaining < 2 * sizeof(uint))
            return;
        cursor.Entry = ("what was measured", null);
        Chunks = (int)Math.Min(cursor.UInt32("the number of pieces"), int.MaxValue);
        if (Length(cursor, 1) is > 0 and var length)
            Datasets = [Encoding.UTF8.GetString(cursor.Take(length, "the text's name"))];
    }

    static int Length(ByteCursor cursor, int size)
    {
        var count = cursor.UInt32("a length");
        return count <= cursor.Remaining / size && count <= int.MaxValue / size ? (int)count * size
            : throw cursor.Fault("a length", $"{count}", $"at most {cursor.Remaining / size}", sizeof(uint));
    }
}
