using Brickwork.Models.Conversion;
using Brickwork.Models.Parts;
using Brickwork.Models.Slots;

namespace Brickwork.Evaluation.Importance;

/// <summary>Puts observed projections in the slots of a decoder, and collects what they have seen by tensor.</summary>
sealed class InputSums(Checkpoint checkpoint)
{
    readonly Dictionary<string, Shape> _shapes = checkpoint.Tensors.ToDictionary(tensor => tensor.Name, tensor => tensor.Shape);
    readonly Dictionary<string, ColumnSums> _sums = new(StringComparer.Ordinal);

    internal Decoder Observe(Decoder decoder) => (Decoder)PartTree.Rewrite(decoder, Observe);

    internal ImportanceMatrix Finish(IReadOnlyList<string> datasets, int chunks, int chunkSize)
    {
        var result = new ImportanceMatrix(checkpoint.Source) { Datasets = datasets, Chunks = chunks, ChunkSize = chunkSize };
        foreach (var (name, sums) in _sums)
            result.Add(name, sums);
        return result;
    }

    IPart Observe(IPart part)
    {
        if (part is not Linear { Origin: { } origin } linear || !_shapes.TryGetValue(origin.Tensor, out var shape))
            return part;
        var matrices = shape.Rank > 2 ? (int)(shape.Count / shape[shape.Rank - 2] / shape.Columns) : 1;
        var (matrix, row) = Math.DivRem(origin.FirstRow, shape.Rows / matrices);
        // Projections that are stored as one matrix share their input: the first of them speaks for all.
        return row == 0 ? new ObservedLinear(linear, SumsOf(origin.Tensor, matrices, shape.Columns), matrix) : part;
    }

    ColumnSums SumsOf(string tensor, int matrices, int columns)
    {
        if (!_sums.TryGetValue(tensor, out var sums))
            _sums[tensor] = sums = new ColumnSums(new float[matrices * columns], new float[matrices]);
        return sums;
    }
}
