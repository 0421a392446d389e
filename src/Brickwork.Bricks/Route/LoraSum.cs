using System.Globalization;
using Brickwork.Bricks.Log;
using Brickwork.Bricks.Plug;
using Brickwork.Bricks.Route;

namespace Brickwork;

/// <summary>What is added up where LoRA bricks become one.</summary>
public enum LoraSumOf
{
    /// <summary>What they do: Σ w·s·BA, exactly, with the ranks side by side.</summary>
    Products,

    /// <summary>Their factors: (Σ w·B)(Σ w·A), of the same rank, so that weights act squared and bricks act on each other (LoraHub, Huang et al. 2023).</summary>
    Factors,
}

/// <summary>Makes one LoRA brick of several.</summary>
public static class LoraSum
{
    /// <summary>The name under which logs tell of sums.</summary>
    internal const string Operation = "sum";

    /// <summary>A brick that is the weighted sum of others. A mean is a sum with weights of one over their number.</summary>
    /// <param name="id">The name of the sum.</param>
    /// <param name="bricks">LoRA; a brick adds nothing where it does not stand.</param>
    /// <param name="weights">One for each brick.</param>
    /// <param name="of">What is added up.</param>
    /// <exception cref="RecipeException">A brick is no LoRA, or ranks or shapes differ where they must not.</exception>
    public static Brick Of(string id, IReadOnlyList<Brick> bricks, IReadOnlyList<float> weights, LoraSumOf of = LoraSumOf.Products)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        ArgumentNullException.ThrowIfNull(bricks);
        ArgumentNullException.ThrowIfNull(weights);
        if (weights.Count != bricks.Count || weights.Any(weight => !float.IsFinite(weight)))
            throw new RecipeException($"A sum of {bricks.Count} bricks has the weights {string.Join(", ", weights)}; expected a finite number for each.", "Give every brick a weight.");
        var log = RouteLog.Of(Operation, bricks, (BrickLog.Form, BrickLog.OwnForm), ("id", id), ("of", of.ToString()), ("weights", string.Join(' ', weights.Select(weight => weight.ToString(CultureInfo.InvariantCulture)))));
        return FactorTensors.Make(id, bricks, log,
            FactorTensors.Of(bricks).Select(entry => (entry.Key, Sum(entry.Key, entry.Value, weights, of))));
    }

    static FactorPair Sum(string target, FactorPair?[] pairs, IReadOnlyList<float> weights, LoraSumOf of)
    {
        (FactorPair Pair, float Weight)[] terms = [.. pairs.Zip(weights).Where(term => term.First is not null).Select(term => (term.First!, term.Second))];
        var first = terms[0].Pair;
        foreach (var (pair, _) in terms)
            if (pair.Up.Rows != first.Up.Rows || Inputs(target, pair) != Inputs(target, first))
                throw new RecipeException($"The bricks change '{target}' in different shapes: {pair.Up} and {first.Up} for B.", "Add up bricks of one model.");
        return of == LoraSumOf.Products ? Products(target, terms) : Factors(target, terms);
    }

    static int Inputs(string target, FactorPair pair) => IsTable(target) ? pair.Down.Rows : pair.Down.Columns;

    /// <summary>A of the embedding is [V, r], its ranks lie in columns.</summary>
    static bool IsTable(string target) => target == TargetIndex.Tokens;

    static FactorPair Factors(string target, (FactorPair Pair, float Weight)[] terms)
    {
        var (first, sharesFactor) = (terms[0].Pair, terms.All(term => term.Pair.Factor == terms[0].Pair.Factor));
        if (terms.FirstOrDefault(term => term.Pair.Rank != first.Rank).Pair is { } other)
            throw new RecipeException($"Factors of '{target}' have the ranks {first.Rank} and {other.Rank}; only those of one rank have a sum.", "Add up what the bricks do instead: products have no such limit.");
        var (down, up) = (Tensor.Zeros(first.Down.Rows, first.Down.Columns), Tensor.Zeros(first.Up.Rows, first.Up.Columns));
        foreach (var (pair, weight) in terms)
        {
            AddScaled(pair.Down, weight, down);
            AddScaled(pair.Up, sharesFactor ? weight : weight * pair.Factor, up);
        }
        return new FactorPair(down, up, sharesFactor ? first.Factor : 1);
    }

    /// <summary>[A₁; A₂; …] and [w₁s₁B₁, w₂s₂B₂, …].</summary>
    static FactorPair Products(string target, (FactorPair Pair, float Weight)[] terms)
    {
        var (first, rank) = (terms[0].Pair, terms.Sum(term => term.Pair.Rank));
        var down = IsTable(target) ? Tensor.Zeros(first.Down.Rows, rank) : Tensor.Zeros(rank, first.Down.Columns);
        var up = Tensor.Zeros(first.Up.Rows, rank);
        var at = 0;
        foreach (var (pair, weight) in terms)
        {
            var scaled = Tensor.Zeros(pair.Up.Rows, pair.Rank);
            AddScaled(pair.Up, weight * pair.Factor, scaled);
            Place(scaled, up, 0, at);
            Place(pair.Down, down, IsTable(target) ? 0 : at, IsTable(target) ? at : 0);
            at += pair.Rank;
        }
        return new FactorPair(down, up, 1);
    }

    static void AddScaled(Tensor values, float factor, Tensor sum)
    {
        for (var index = 0; index < values.Floats.Length; index++)
            sum.Floats[index] += factor * values.Floats[index];
    }

    static void Place(Tensor part, Tensor whole, int firstRow, int firstColumn)
    {
        for (var row = 0; row < part.Rows; row++)
            part.Row(row).CopyTo(whole.Row(firstRow + row)[firstColumn..]);
    }
}
