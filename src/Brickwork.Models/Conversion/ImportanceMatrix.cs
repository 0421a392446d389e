using Brickwork.Models.Conversion;

namespace Brickwork;

/// <summary>How much an error in each column of each matrix counts: the mean square of what the column is multiplied with.</summary>
/// <remarks>Kept as llama.cpp keeps it, so that either program can use what the other has measured.</remarks>
public sealed partial class ImportanceMatrix
{
    readonly SortedDictionary<string, ColumnSums> _tensors = new(StringComparer.Ordinal);

    internal ImportanceMatrix(string source) => Source = source;

    /// <summary>The file it was read from, or the model it was measured on; for messages.</summary>
    public string Source { get; }

    /// <summary>The tensors it speaks of, by the names they have in GGUF.</summary>
    public IReadOnlyCollection<string> Names => _tensors.Keys;

    /// <summary>The texts it was measured on, as far as known.</summary>
    public IReadOnlyList<string> Datasets { get; internal set; } = [];

    /// <summary>How many pieces of text it was measured on.</summary>
    public int Chunks { get; internal set; }

    /// <summary>The most tokens in a piece; 1 where the file does not say.</summary>
    public int ChunkSize { get; internal set; } = 1;

    /// <summary>How often the matrix that was used most was used: the tokens of the text. Old files count pieces instead.</summary>
    public long Tokens => _tensors.Count == 0 ? 0 : (long)_tensors.Values.Max(sums => sums.Counts.Max());

    /// <summary>The importance of every column of a tensor, or null where nothing is known of it.</summary>
    /// <param name="name">The tensor's name in GGUF, such as <c>blk.0.attn_q.weight</c>.</param>
    /// <returns>[C], or [E*C] of a tensor of E experts; 1 for the columns of an expert that was never used.</returns>
    public float[]? TryFind(string name) => _tensors.TryGetValue(name, out var sums) ? sums.Means() : null;

    /// <summary>The weights for a tensor, or null where nothing is known of it.</summary>
    /// <exception cref="CheckpointException">They belong to a tensor of another size.</exception>
    internal Weights? Find(string name, Tensor tensor)
    {
        if (TryFind(name) is not { } values)
            return null;
        var experts = values.Length / Math.Max(1, tensor.Columns);
        if (experts == 0 || values.Length % tensor.Columns != 0 || tensor.Rows % experts != 0)
            throw new CheckpointException(
                $"The importance of '{name}' in {Source} has {values.Length} columns; the tensor is {tensor.Shape}, "
                + $"so expected {tensor.Columns}, or as many for each expert.", "Measure it on this very model: brick imatrix");
        return new Weights(values, tensor.Columns, tensor.Rows / experts);
    }

    /// <summary>Makes sure that it was measured on a model like this one.</summary>
    /// <exception cref="CheckpointException">It speaks of none of the model's tensors.</exception>
    internal void RequireFits(Checkpoint model)
    {
        if (!Names.Any(model.Contains))
            throw new CheckpointException(
                $"The importance matrix {Source} speaks of '{Names.First()}' and {Names.Count - 1} others; {model.Source} has none of them.",
                "Measure it on this very model: brick imatrix");
    }

    /// <param name="name">The tensor.</param>
    /// <param name="sums">Finite and not negative, or the error names the column.</param>
    internal void Add(string name, ColumnSums sums)
    {
        if (sums.FirstFault() is { } column)
            throw new CheckpointException(
                $"The importance of '{name}' in {Source} is {sums.Sums[column]} in column {column}, seen {sums.CountAt(column)} times; "
                + "expected numbers of 0 or more.", "Measure it again; if that fails as well, the model's weights are damaged.");
        _tensors[name] = sums;
    }

    /// <summary>The importance of a tensor's columns.</summary>
    /// <param name="Values">[E, C], E experts or 1.</param>
    /// <param name="Columns">C.</param>
    /// <param name="RowsPerExpert">Rows of the tensor that share one row of these.</param>
    internal sealed record Weights(float[] Values, int Columns, int RowsPerExpert)
    {
        public ReadOnlySpan<float> ForRow(int row) => Values.AsSpan(row / RowsPerExpert * Columns, Columns);
    }
}
