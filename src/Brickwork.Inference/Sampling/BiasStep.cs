namespace Brickwork.Inference.Sampling;

/// <summary>Adds a constant to chosen logits.</summary>
sealed class BiasStep(IReadOnlyDictionary<int, float> bias) : ILogitStep
{
    // Looping over an array needs no enumerator object for every token.
    readonly KeyValuePair<int, float>[] _bias = [.. bias];

    public void Apply(Span<float> logits)
    {
        foreach (var (id, value) in _bias)
            logits[id] += value;
    }
}
