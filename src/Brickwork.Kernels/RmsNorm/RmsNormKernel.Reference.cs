namespace Brickwork.Kernels.RmsNorm;

static partial class RmsNormKernel
{
    static void RunReference(ReadOnlySpan<float> x, ReadOnlySpan<float> gain, float epsilon, Span<float> y)
    {
        var sumOfSquares = 0.0;
        foreach (var value in x)
            sumOfSquares += (double)value * value;
        var scale = (float)(1 / Math.Sqrt(sumOfSquares / x.Length + epsilon));
        for (var i = 0; i < x.Length; i++)
            y[i] = x[i] * scale * (gain.IsEmpty ? 1 : gain[i]);
    }
}
