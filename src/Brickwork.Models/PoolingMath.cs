namespace Brickwork.Models;

/// <summary>Makes one vector of the vectors of a text's tokens.</summary>
static class PoolingMath
{
    extension(Pooling pooling)
    {
        /// <summary>The pooled vector of [T][D] rows, not normalised.</summary>
        public float[] Pool(IReadOnlyList<float[]> rows) => pooling switch
        {
            Pooling.First => rows[0],
            Pooling.Last => rows[^1],
            Pooling.Mean => Mean(rows),
            _ => throw new InvalidOperationException("This model gives one vector for each token; choose a pooling: mean, first or last."),
        };
    }

    static float[] Mean(IReadOnlyList<float[]> rows)
    {
        var mean = new float[rows[0].Length];
        for (var column = 0; column < mean.Length; column++)
        {
            var sum = 0.0;
            foreach (var row in rows)
                sum += row[column];
            mean[column] = (float)(sum / rows.Count);
        }
        return mean;
    }
}
