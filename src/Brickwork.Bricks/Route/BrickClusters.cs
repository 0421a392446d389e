using Brickwork.Bricks.Route;
using Brickwork.Tensors.LinearAlgebra;

namespace Brickwork;

/// <summary>How bricks are put into groups.</summary>
public sealed record ClusterOptions
{
    /// <summary>How many groups.</summary>
    public int Clusters { get; init; } = 10;

    /// <summary>The share of each brick's values that counts as zero, the smallest ones.</summary>
    public double Quantile { get; init; } = 0.8;

    /// <summary>How many singular directions are kept.</summary>
    public int Directions { get; init; } = 64;

    /// <summary>Where the random starts come from.</summary>
    public long Seed { get; init; } = 42;
}

/// <summary>Groups of bricks whose values point the same way, so that one brick can be trained for each group: model-based clustering (MBC, Ostapenko et al. 2024).</summary>
public static class BrickClusters
{
    /// <summary>The place of every brick's group, from 0 in the order of the first brick in each.</summary>
    /// <exception cref="RecipeException">There are fewer bricks than groups, or the bricks have other tensors than each other.</exception>
    public static IReadOnlyList<int> Find(IReadOnlyList<Brick> bricks, ClusterOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(bricks);
        options ??= new ClusterOptions();
        if (options.Clusters < 1 || options.Clusters > bricks.Count)
            throw new RecipeException($"{bricks.Count} bricks cannot be put into {options.Clusters} groups.", "Ask for fewer groups, at least 1.");
        if (options.Quantile is not (>= 0 and < 1) || options.Directions < 1)
            throw new RecipeException($"The share of values that count as zero is {options.Quantile}, of {options.Directions} directions; expected 0 or more and less than 1, of at least 1.", "The paper takes 0.8 and 64.");
        var likeness = Likeness(bricks, options);
        return new KMeans(likeness, options.Clusters, options.Seed).Best();
    }

    /// <summary>The cosine of every pair of bricks in the leading directions.</summary>
    internal static Matrix Likeness(IReadOnlyList<Brick> bricks, ClusterOptions options)
    {
        float[][] rows = [.. bricks.Select(brick => Values(brick, bricks[0], options.Quantile))];
        // The left singular vectors times their values are the eigenvectors of X·Xᵀ times the roots of theirs.
        var products = Matrix.Of(rows.Length, rows.Length, (row, column) => Dot(rows[row], rows[column]));
        var (values, vectors) = SymmetricEigen.Of(products);
        var first = Math.Max(0, values.Length - options.Directions);
        var places = Matrix.Of(rows.Length, values.Length - first, (row, column) => vectors[row, first + column] * Math.Sqrt(Math.Max(0, values[first + column])));
        double[] lengths = [.. Enumerable.Range(0, rows.Length).Select(row => Math.Sqrt(Matrix.Dot(places.Row(row), places.Row(row))))];
        return Matrix.Of(rows.Length, rows.Length, (row, column) =>
            lengths[row] > 0 && lengths[column] > 0 ? Matrix.Dot(places.Row(row), places.Row(column)) / (lengths[row] * lengths[column]) : row == column ? 1 : 0);
    }

    static float[] Values(Brick brick, Brick like, double quantile)
    {
        if (!brick.Tensors.Keys.ToHashSet(StringComparer.Ordinal).SetEquals(like.Tensors.Keys) || like.Tensors.Any(entry => brick.Tensors[entry.Key].Shape != entry.Value.Shape))
            throw new RecipeException($"Bricks '{brick.Id}' and '{like.Id}' have different tensors, so that their values cannot be compared.", "Group bricks of one kind, rank and model.");
        float[] all = [.. like.Tensors.Keys.SelectMany(name => brick.Tensors[name].ToFloats().Floats.ToArray())];
        float[] sizes = [.. all.Select(Math.Abs).Order()];
        var least = sizes[Math.Min(sizes.Length - 1, (int)(quantile * sizes.Length))];
        return [.. all.Select(value => Math.Abs(value) < least ? 0 : value)];
    }

    static double Dot(float[] a, float[] b)
    {
        var sum = 0.0;
        for (var index = 0; index < a.Length; index++)
            sum += (double)a[index] * b[index];
        return sum;
    }
}
