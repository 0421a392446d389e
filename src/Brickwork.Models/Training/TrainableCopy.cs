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
            copy.Add(info.Name, IsTrained(info, trains) ? original.Open(info.Name).ToFloats() : original.Open(info.Name));
        return copy;
    }

    /// <summary>Whole numbers, the frequencies of positions and what only decides which experts are chosen are no weights.</summary>
    public static bool IsTrained(TensorInfo info, Predicate<string> trains) =>
        info.Type is not (DType.I8 or DType.I16 or DType.I32 or DType.I64) && !info.Name.StartsWith("rope_", StringComparison.Ordinal)
        && !info.Name.EndsWith(".exp_probs_b.bias", StringComparison.Ordinal)
        && trains(info.Name);
}
