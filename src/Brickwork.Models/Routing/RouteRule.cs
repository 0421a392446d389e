using System.Globalization;

namespace Brickwork;

/// <summary>How the bricks that were chosen share the work.</summary>
public enum RouteShares
{
    /// <summary>By the softmax of their scores.</summary>
    Softmax,

    /// <summary>Evenly.</summary>
    Even,
}

/// <summary>How the scores of a router become weights: the best few share 1, the others get 0.</summary>
public sealed record RouteRule
{
    /// <summary>How many bricks work on a row or a text; null = all. Among equals the first ones.</summary>
    public int? TopK { get; init; } = 3;

    /// <summary>How they share the work.</summary>
    public RouteShares Shares { get; init; }

    /// <summary>What scores are divided by: below 1 the best brick gets more, above 1 less.</summary>
    public float Temperature { get; init; } = 1;

    /// <summary>Scores for one row turned into weights in their place; minus infinity is never chosen.</summary>
    internal void Weigh(Span<float> scores)
    {
        Span<bool> chosen = scores.Length <= 256 ? stackalloc bool[scores.Length] : new bool[scores.Length];
        var (best, sum) = (0f, 0.0);
        for (var count = 0; count < Math.Min(TopK ?? scores.Length, scores.Length); count++)
        {
            var next = -1;
            for (var index = 0; index < scores.Length; index++)
                if (!chosen[index] && scores[index] > float.NegativeInfinity && (next < 0 || scores[index] > scores[next]))
                    next = index;
            if (next < 0)
                break;
            best = count == 0 ? scores[next] : best;
            chosen[next] = true;
            sum += Share(scores[next], best);
        }
        for (var index = 0; index < scores.Length; index++)
            scores[index] = chosen[index] ? (float)(Share(scores[index], best) / sum) : 0;
    }

    /// <exception cref="RecipeException">A number is out of range.</exception>
    internal void Check()
    {
        if (TopK < 1)
            throw new RecipeException(string.Create(CultureInfo.InvariantCulture, $"A route chooses the best {TopK} bricks; expected at least 1."), "Give a number such as 3, or none for all.");
        if (!(Temperature > 0) || !float.IsFinite(Temperature))
            throw new RecipeException(string.Create(CultureInfo.InvariantCulture, $"The temperature of a route is {Temperature}; expected a number above 0."), "Give a number such as 1.");
    }

    double Share(float score, float best) => Shares == RouteShares.Even ? 1 : Math.Exp((score - (double)best) / Temperature);
}
