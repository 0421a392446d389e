namespace Brickwork.Models.Parts;

/// <summary>Sharpens attention at far positions: queries grow by 1 + scale·ln(1 + ⌊(position + offset) / original⌋).</summary>
/// <param name="Scale">How much.</param>
/// <param name="OriginalContext">The context up to which nothing changes.</param>
/// <param name="Offset">Added to the position.</param>
sealed record AttentionTemperature(float Scale, int OriginalContext, float Offset = 0)
{
    public void Apply(Tensor queries, ReadOnlySpan<int> positions)
    {
        for (var row = 0; row < positions.Length; row++)
        {
            var factor = (float)(1 + Scale * Math.Log(1 + Math.Floor((positions[row] + Offset) / (double)OriginalContext)));
            if (factor == 1)
                continue;
            foreach (ref var value in queries.Row(row))
                value *= factor;
        }
    }
}
