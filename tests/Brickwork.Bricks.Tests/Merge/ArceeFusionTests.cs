namespace Brickwork.Bricks.Tests.Merge;

/// <summary>What is important of the other model is taken over, and nothing else (specs/bricks.md, section 2.5).</summary>
public sealed class ArceeFusionTests
{
    [Theory]
    [InlineData(4, 16), InlineData(37, 50)]
    [InlineData(1100, 1000)]                // mergekit draws a sample above a million values, without a seed
    public void Values_at_least_as_important_as_the_threshold_are_the_others(int rows, int columns)
    {
        var (origin, other) = (Values(1, rows * columns), Values(2, rows * columns));

        var merged = SetS.Run("arcee_fusion", origin, [other], shape: new Shape(rows, columns));

        var importance = Importance(origin, other, columns);
        var sorted = importance.Order().ToArray();
        double At(double quantile) => sorted[(int)(quantile * (sorted.Length - 1))];
        var threshold = At(.5) + 1.5 * (At(.75) - At(.25));
        var taken = 0;
        for (var i = 0; i < merged.Length; i++)
        {
            if (Math.Abs(importance[i] - threshold) < 1e-6 * threshold)
                continue;                               // either side, by a rounding
            merged[i].ShouldBe(importance[i] > threshold ? other[i] : origin[i]);
            taken += importance[i] > threshold ? 1 : 0;
        }
        taken.ShouldBeInRange(merged.Length / 1000 + 1, merged.Length / 3);
        if (merged.Length > 1_000_000)
            SetS.Run("arcee_fusion", origin, [other], shape: new Shape(rows, columns), seed: 9).ShouldBe(merged);
    }

    [Fact]
    public void Rows_that_did_not_change_are_the_bases()
    {
        var origin = Values(1, 64);
        float[] other = [.. origin];
        other[5] += 3;

        SetS.Run("arcee_fusion", origin, [other], shape: new Shape(4, 16)).ShouldBe(other, "one value alone is above a threshold of zero");
        SetS.Run("arcee_fusion", origin, [[.. origin]], shape: new Shape(4, 16)).ShouldBe(origin);
    }

    /// <summary>|δ| · KL(softmax of the row ‖ softmax of the base's row), plainly.</summary>
    static double[] Importance(float[] origin, float[] other, int columns)
    {
        var importance = new double[origin.Length];
        for (var row = 0; row < origin.Length; row += columns)
        {
            var (p, q) = (Softmax(other[row..(row + columns)]), Softmax(origin[row..(row + columns)]));
            var divergence = p.Zip(q, (own, before) => (own + 1e-8) * Math.Log((own + 1e-8) / (before + 1e-8))).Sum();
            for (var i = row; i < row + columns; i++)
                importance[i] = Math.Abs(other[i] - (double)origin[i]) * divergence;
        }
        return importance;
    }

    static double[] Softmax(float[] row)
    {
        var sum = row.Sum(value => Math.Exp(value));
        return [.. row.Select(value => Math.Exp(value) / sum)];
    }

    static float[] Values(int seed, int count)
    {
        var random = new SeededRandom(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (float)random.NextGaussian())];
    }
}
