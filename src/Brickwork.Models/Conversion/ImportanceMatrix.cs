using System.Text;
using Brickwork.Formats.Reading;
using Brickwork.Tensors.Storage;

namespace Brickwork.Models.Conversion;

/// <summary>How much an error in each column of a matrix counts: the mean square of what the column is multiplied with. Read from llama.cpp's files.</summary>
sealed class ImportanceMatrix
{
    const string Sums = ".in_sum2";
    const string Counts = ".counts";

    readonly Dictionary<string, float[]> _tensors = new(StringComparer.Ordinal);
    readonly string _source;

    ImportanceMatrix(string source) => _source = source;

    /// <summary>The tensors it speaks of.</summary>
    public IReadOnlyCollection<string> Names => _tensors.Keys;

    /// <exception cref="CheckpointException">The file is missing or damaged.</exception>
    public static ImportanceMatrix Open(string path)
    {
        using var storage = MappedFile.Open(path);
        var result = new ImportanceMatrix(path);
        if (storage.Bytes(0, (int)Math.Min(4, storage.Length)).SequenceEqual("GGUF"u8))
            result.ReadGguf(path);
        else
            result.ReadLegacy(storage, path);
        return result;
    }

    /// <summary>The weights for a tensor, or null where nothing is known of it.</summary>
    /// <exception cref="CheckpointException">They belong to a tensor of another size.</exception>
    public Weights? Find(string name, Tensor tensor)
    {
        if (!_tensors.TryGetValue(name, out var values))
            return null;
        var experts = values.Length / Math.Max(1, tensor.Columns);
        if (experts == 0 || values.Length % tensor.Columns != 0 || tensor.Rows % experts != 0)
            throw new CheckpointException($"The importance of '{name}' in {_source} has {values.Length} columns; expected {tensor.Columns}, or as many for each expert.",
                "Make the matrix with this very model.");
        return new Weights(values, tensor.Columns, tensor.Rows / experts);
    }

    /// <param name="Values">[E, C], E experts or 1.</param>
    /// <param name="Columns">C.</param>
    /// <param name="RowsPerExpert">Rows of the tensor that share one row of these.</param>
    public sealed record Weights(float[] Values, int Columns, int RowsPerExpert)
    {
        public ReadOnlySpan<float> ForRow(int row) => Values.AsSpan(row / RowsPerExpert * Columns, Columns);
    }

    void ReadGguf(string path)
    {
        using var file = GgufCheckpoint.OpenFile(path);
        foreach (var info in file.Tensors.Where(tensor => tensor.Name.EndsWith(Sums, StringComparison.Ordinal)))
        {
            var name = info.Name[..^Sums.Length];
            var (sums, counts) = (file.Open(info.Name), file.Open(name + Counts));
            if (sums.Type != DType.F32 || counts.Type != DType.F32 || counts.Shape.Count != sums.Rows)
                throw new CheckpointException($"Tensor '{info.Name}' in {path} is {sums}, and its counts are {counts}; expected F32 and one count for each row.", "Make the matrix again.");
            var means = new float[sums.Shape.Count];
            for (var row = 0; row < sums.Rows; row++)
                Divide(sums.Row(row), counts.Floats[row], means.AsSpan(row * sums.Columns, sums.Columns));
            Add(name, means);
        }
    }

    /// <summary>Entries of name, number of calls, number of values, values times calls; behind them notes that we do not need.</summary>
    void ReadLegacy(TensorStorage storage, string path)
    {
        var cursor = new ByteCursor(storage, path);
        var entries = cursor.UInt32("the number of entries");
        for (var index = 0u; index < entries; index++)
        {
            cursor.Entry = ($"entry {index}", null);
            var name = Encoding.UTF8.GetString(cursor.Take(Length(cursor, 1), "the name"));
            var calls = (int)cursor.UInt32("the number of calls");
            var bytes = cursor.Take(Length(cursor, sizeof(float)), "the values");
            var values = new float[bytes.Length / sizeof(float)];
            Divide(System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(bytes), calls, values);
            Add(name, values);
        }
    }

    static int Length(ByteCursor cursor, int size)
    {
        var count = cursor.UInt32("a length");
        return count <= cursor.Remaining / size && count <= int.MaxValue / size ? (int)count * size
            : throw cursor.Fault("a length", $"{count}", $"at most {cursor.Remaining / size}", sizeof(uint));
    }

    // An expert that was never asked counts like all columns alike.
    static void Divide(ReadOnlySpan<float> sums, float count, Span<float> means)
    {
        for (var column = 0; column < means.Length; column++)
            means[column] = count > 0 ? sums[column] / count : 1;
    }

    void Add(string name, float[] means)
    {
        var column = Array.FindIndex(means, value => !(value >= 0) || !float.IsFinite(value));
        if (column >= 0)
            throw new CheckpointException($"The importance of '{name}' in {_source} is {means[column]} in column {column}; expected a number of 0 or more.", "Make the matrix again.");
        // Where nothing ever came in, all columns count the same.
        if (means.All(value => value == 0))
            Array.Fill(means, 1);
        _tensors[name] = means;
    }
}
