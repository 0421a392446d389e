namespace Brickwork.Bricks.Merge.Methods;

/// <summary>Takes over what is important: |δ| · KL(softmax of the row ‖ softmax of the base's row), at least median + 1.5 · interquartile range.</summary>
/// <remarks>The quartiles are exact; mergekit draws a sample, without a seed, of tensors with more than a million values.</remarks>
sealed class ArceeFusion : IMergeMethod
{
    const double Least = 1e-8;

    public string Name => "arcee_fusion";

    public BaseUse Base => BaseUse.Required;

    public int MostSources => 1;

    public void Run(MergeTensors tensors, float[] result)
    {
        var importance = new float[tensors.Count];
        tensors.ForRows((first, end) =>
        {
            for (var row = first; row < end; row++)
                Fill(tensors, row * tensors.Columns, importance.AsSpan(row * tensors.Columns, tensors.Columns));
        });
        var threshold = Threshold(importance);
        tensors.ForRanges((first, end) =>
        {
            for (var i = first; i < end; i++)
                result[i] = (float)(tensors.Base![i] + (importance[i] >= threshold ? tensors.Delta(0, i) : 0));
        });
    }

    static double Threshold(float[] importance)
    {
        double At(double quantile) => Ranking.At(importance, (int)(quantile * (importance.Length - 1)));
        return importance.Length == 0 ? 0 : At(0.5) + 1.5 * (At(0.75) - At(0.25));
    }

    static void Fill(MergeTensors tensors, int start, Span<float> importance)
    {
        var (own, other) = (Softmax(tensors.Sources[0].Values.AsSpan(start, importance.Length)), Softmax(tensors.Base!.AsSpan(start, importance.Length)));
        var divergence = 0.0;
        for (var i = 0; i < own.Length; i++)
            divergence += (own[i] + Least) * Math.Log((own[i] + Least) / (other[i] + Least));
        // Rounding may leave a divergence of nothing below zero.
        for (var i = 0; i < own.Length; i++)
            importance[i] = (float)(Math.Abs(tensors.Delta(0, start + i)) * Math.Max(0, divergence));
    }

    static double[] Softmax(ReadOnlySpan<float> row)
    {
        var shares = new double[row.Length];
        var largest = float.NegativeInfinity;
        foreach (var value in row)
            largest = Math.Max(largest, value);
        var sum = 0.0;
        for (var i = 0; i < shares.Length; i++)
            sum += shares[i] = Math.Exp(row[i] - (double)largest);
        for (var i = 0; i < shares.Length; i++)
            shares[i] /= sum;
        return shares;
    }
}
