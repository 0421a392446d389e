namespace Brickwork.Kernels.CrossEntropy;

static partial class CrossEntropyKernel
{
    static double RunReference(ReadOnlySpan<float> logits, int target) => LogSumReference(logits, 1) - logits[target];

    static double BackwardReference(Span<float> logits, int target, float scale)
    {
        var total = LogSumReference(logits, 1);
        var loss = total - logits[target];
        for (var i = 0; i < logits.Length; i++)
            logits[i] = (float)((Math.Exp(logits[i] - total) - (i == target ? 1 : 0)) * scale);
        return loss;
    }

    /// <summary>ln Σ e^(x · factor).</summary>
    internal static double LogSumReference(ReadOnlySpan<float> row, double factor)
    {
        var largest = float.NegativeInfinity;
        foreach (var value in row)
            largest = MathF.Max(largest, value);
        var sum = 0.0;
        foreach (var value in row)
            sum += Math.Exp(((double)value - largest) * factor);
        return Math.Log(sum) + largest * factor;
    }
}
