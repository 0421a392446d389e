namespace Brickwork.Inference.Speculation;

/// <summary>When a token drawn from one distribution may stand for one drawn from another, and what replaces it where it may not.</summary>
/// <remarks>Leviathan et al. 2023, section 2.3: what is accepted and what replaces the rest together follow the wished distribution exactly.</remarks>
static class AcceptanceRule
{
    /// <summary>The probability that a token is accepted: min(1, p / q).</summary>
    /// <param name="wished">p, how likely the token shall be.</param>
    /// <param name="drawn">q, how likely it was drawn; above 0.</param>
    internal static double Acceptance(double wished, double drawn) => Math.Min(1, wished / drawn);

    /// <summary>The weight of a token among those that may replace a refused one: max(p − q, 0), not normalized.</summary>
    internal static double Rest(double wished, double drawn) => Math.Max(wished - drawn, 0);
}
