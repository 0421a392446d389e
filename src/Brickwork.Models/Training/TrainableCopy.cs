namespace Brickwork.Models.Training;

/// <summary>A checkpoint in memory whose trained tensors are F32, each in memory of its own; the others are those of the original.</summary>
static class TrainableCopy
{
    // Read once, when a model is loaded, or only to choose experts by: no gradient reaches them.
    static readonly string[] Constants =
        [".exp_probs_b.bias", ".attn_sinks.weight", ".ffn_gate_inp.scale", ".ffn_down_exps.scale", ".layer_output_scale.weight"];

    public static MemoryCheckpoint Of(Checkpoint original, Predicate<string> trains)
    {
        var copy = new MemoryCheckpoint(original.Source);
        foreach (var (key, value) in original.Metadata)
            copy.Metadata.Set(key, value);
        foreach (var info in original.Tensors)
            copy.Add(info.Name, IsTrained(info, trains) ? original.Open(info.Name).ToFloats() : original.Open(info.Name));
        return copy;
    }

    /// <summary>Whole numbers, the frequencies of positions and what parts read as constants are no weights.</summary>
    public static bool IsTrained(TensorInfo info, Predicate<string> trains) =>
        info.Type is not (DType.I8 or DType.I16 or DType.I32 or DType.I64) && !info.Name.StartsWith("rope_", StringComparison.Ordinal)
        && !Constants.Any(ending => info.Name.EndsWith(ending, StringComparison.Ordinal))
        && trains(info.Name);
}
