namespace Brickwork;

/// <summary>How far one model's expectations are from another's, on the same tokens of a corpus.</summary>
/// <param name="Reference">How well the reference foresees the corpus.</param>
/// <param name="Other">How well the compared model does.</param>
/// <param name="KlDivergence">Mean of Σ p·ln(p/q) over the vocabulary, p the reference's and q the other's probability, in nats per token.</param>
/// <param name="MaxKlDivergence">The largest at one token.</param>
/// <param name="TopAgreement">Share of tokens where both hold the same token the likeliest.</param>
public sealed record Comparison(PerplexityResult Reference, PerplexityResult Other, double KlDivergence, double MaxKlDivergence, double TopAgreement)
{
    /// <summary>The other's perplexity over the reference's: above 1 is worse.</summary>
    public double PerplexityRatio => Other.Perplexity / Reference.Perplexity;
}
