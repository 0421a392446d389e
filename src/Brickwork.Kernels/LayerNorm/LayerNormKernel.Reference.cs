namespace Brickwork.Kernels.LayerNorm;

static partial class LayerNormKernel
{
    static void RunReference(
        ReadOnlySpan<float> x, ReadOnlySpan<float> gain, ReadOnlySpan<float> bias, float epsilon, Span<float> y)
    {
        var mean = 0.0;
        foreach (var value in x)
            mean += value;
        mean /= x.Length;
        var variance = 0.0;
        foreach (var value in x)
            variance += (value - mean) * (value - mean);
        variance /= x.Length;
        var scale = 1 / Math.Sqrt(variance + epsilon);
        for (var i = 0; i < x.Length; i++)
            y[i] = (float)((x[i] - mean) * scale * (gain.IsEmpty ? 1 : gain[i]) + (bias.IsEmpty ? 0 : bias[i]));
    }

    static void BackwardReference(
        ReadOnlySpan<float> x, ReadOnlySpan<float> gain, float epsilon, ReadOnlySpan<float> dy,
        Span<float> dx, Span<float> dGain, Span<float> dBias)
    {
        var (mean, variance, slope, product) = (0.0, 0.0, 0.0, 0.0);
        foreach (var value in x)
            mean += (double)value / x.Length;
        foreach (var value in x)
            variance += (value - mean) * (value - mean) / x.Length;
        var scale = 1 / Math.Sqrt(variance + epsilon);
        for (var i = 0; i < x.Length; i++)
        {
            var weighted = (double)dy[i] * (gain.IsEmpty ? 1 : gain[i]);
            slope += weighted / x.Length;
            product += weighted * (x[i] - mean) * scale / x.Length;
        }
        for (var i = 0; i < dx.Length; i++)
            dx[i] += (float)(scale * ((double)dy[i] * (gain.IsEmpty ? 1 : gain[i]) - slope - (x[i] - mean) * scale * product));
        for (var i = 0; i < dGain.Length; i++)
            dGain[i] += (float)(dy[i] * (x[i] - mean) * scale);
        for (var i = 0; i < dBias.Length; i++)
            dBias[i] += dy[i];
    }
}
