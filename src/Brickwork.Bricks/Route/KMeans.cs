using Brickwork.Tensors.LinearAlgebra;

namespace Brickwork.Bricks.Route;

/// <summary>Points in groups around their means: k-means++ (Arthur &amp; Vassilvitskii 2007), the best of ten starts.</summary>
/// <param name="points">One a row.</param>
/// <param name="count">How many groups.</param>
/// <param name="seed">Where the starts come from.</param>
sealed class KMeans(Matrix points, int count, long seed)
{
    const int Starts = 10, MostRounds = 300;

    readonly SeededRandom _random = new(seed);

    /// <summary>The group of every point, numbered in the order of their first points.</summary>
    public IReadOnlyList<int> Best()
    {
        var (best, least) = (Array.Empty<int>(), double.PositiveInfinity);
        for (var start = 0; start < Starts; start++)
        {
            var (groups, spread) = Run();
            if (spread < least)
                (best, least) = (groups, spread);
        }
        var order = best.Distinct().ToList();
        return [.. best.Select(group => order.IndexOf(group))];
    }

    (int[] Groups, double Spread) Run()
    {
        var means = Begin();
        var groups = new int[points.Rows];
        for (var round = 0; round < MostRounds; round++)
        {
            int[] next = [.. Enumerable.Range(0, points.Rows).Select(point => Nearest(point, means, count).Index)];
            if (round > 0 && next.AsSpan().SequenceEqual(groups))
                break;
            groups = next;
            Move(means, groups);
        }
        return (groups, Enumerable.Range(0, points.Rows).Sum(point => Nearest(point, means, count).Distance));
    }

    /// <summary>Means that begin at points, each drawn by its squared distance from those before.</summary>
    Matrix Begin()
    {
        var means = new Matrix(count, points.Columns);
        points.Row(_random.NextInt32(points.Rows)).CopyTo(means.Row(0));
        for (var mean = 1; mean < count; mean++)
        {
            double[] distances = [.. Enumerable.Range(0, points.Rows).Select(point => Nearest(point, means, mean).Distance)];
            var (left, chosen) = (_random.NextDouble() * distances.Sum(), 0);
            while (chosen < points.Rows - 1 && (left -= distances[chosen]) > 0)
                chosen++;
            points.Row(chosen).CopyTo(means.Row(mean));
        }
        return means;
    }

    void Move(Matrix means, int[] groups)
    {
        for (var group = 0; group < count; group++)
        {
            int[] members = [.. Enumerable.Range(0, groups.Length).Where(point => groups[point] == group)];
            // A group that lost all its points stays where it was.
            if (members.Length == 0)
                continue;
            means.Row(group).Clear();
            foreach (var point in members)
                Matrix.AddScaled(points.Row(point), 1.0 / members.Length, means.Row(group));
        }
    }

    (int Index, double Distance) Nearest(int point, Matrix means, int known)
    {
        var (nearest, least) = (0, double.PositiveInfinity);
        for (var mean = 0; mean < known; mean++)
        {
            var distance = 0.0;
            for (var column = 0; column < points.Columns; column++)
                distance += Math.Pow(points[point, column] - means[mean, column], 2);
            if (distance < least)
                (nearest, least) = (mean, distance);
        }
        return (nearest, least);
    }
}
