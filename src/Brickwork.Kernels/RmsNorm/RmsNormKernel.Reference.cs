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

    static void BackwardReference(
        ReadOnlySpan<float> x, ReadOnlySpan<float> gain, float epsilon, ReadOnlySpan<float> dy, Span<float> dx, Span<float> dGain)
    {
        var (squares, products) = (0.0, 0.0);
        for (var i = 0; i < x.Length; i++)
        {
            squares += (double)x[i] * x[i];
            products += (double)x[i] * dy[i] * (gain.IsEmpty ? 1 : gain[i]);
        }
        var scale = 1 / Math.Sqrt(squares / x.Length + epsilon);
        for (var i = 0; i < dx.Length; i++)
            dx[i] += (float)(scale * dy[i] * (gain.IsEmpty ? 1 : gain[i]) - x[i] * scale * scale * scale / x.Length * products);
        for (var i = 0; i < dGain.Length; i++)
            dGain[i] += (float)(dy[i] * x[i] * scale);
    }
}
