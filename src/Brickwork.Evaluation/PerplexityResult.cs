namespace Brickwork;

/// <summary>How well a model foresees a text.</summary>
/// <param name="Nll">Mean negative log-likelihood of a token, in nats.</param>
/// <param name="Tokens">Tokens foreseen; start tokens are not.</param>
/// <param name="Bytes">Bytes of UTF-8 that these tokens spell, with the space that some tokenizers put before a text.</param>
/// <param name="Pieces">Pieces or windows measured.</param>
public sealed record PerplexityResult(double Nll, long Tokens, long Bytes, int Pieces)
{
    /// <summary>The most bytes that keys, values and states of one text took.</summary>
    public long CacheBytes { get; init; }

    /// <summary>e to the power of <see cref="Nll"/>: between how many equally likely tokens the model wavers.</summary>
    public double Perplexity => Math.Exp(Nll);

    /// <summary>Bits per byte of text: comparable between tokenizers.</summary>
    public double BitsPerByte => Nll * Tokens / Math.Log(2) / Bytes;
}
