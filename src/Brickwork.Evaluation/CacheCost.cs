namespace Brickwork;

/// <summary>What a smaller cache costs in foresight.</summary>
/// <param name="Small">With the cache asked for.</param>
/// <param name="Dense">With every key and value kept in F32.</param>
public sealed record CacheCost(PerplexityResult Small, PerplexityResult Dense)
{
    /// <summary>How much larger the perplexity is.</summary>
    public double Ratio => Small.Perplexity / Dense.Perplexity;
}
