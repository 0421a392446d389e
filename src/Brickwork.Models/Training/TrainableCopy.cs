using Brickwork.Kernels.Blocks;

namespace Brickwork.Models.Training;

/// <summary>A checkpoint in memory whose trained tensors are F32, each in memory of its own; the others are those of the original.</summary>
static class TrainableCopy
{
    public static MemoryCheckpoint Of(Checkpoint original, Predicate<string> trains)
    {
        var copy = new MemoryCheckpoint(original.Source);
        foreach (var (key, value) in original.Metadata)
            copy.Metadata.Set(key, value);
        foreach (var info in original.Tensors)
            copy.Add(info.Name, IsTrained(info, trains) ? Floats(original.Open(info.Name)) : original.Open(info.Name));
        return copy;
    }

    /// <summary>Whole numbers and the frequencies of positions are no weights.</summary>
    public static bool IsTrained(TensorInfo info, Predicate<string> trains) =>
        info.Type is not (DType.I8 or DType.I16 or DType.I32 or DType.I64) && !info.Name.StartsWith("rope_", StringComparison.Ordinal)
        && trains(info.Name);

    static Tensor Floats(Tensor stored)
    {
        var values = Tensor.Zeros([.. Enumerable.Range(0, stored.Shape.Rank).Select(index => stored.Shape[index])]);
        for (var row = 0; row < stored.Rows; row++)
            Dequantizer.Run(stored.Type, stored.RowSpan(row, 1), values.Row(row));
        return values;
    }
}
