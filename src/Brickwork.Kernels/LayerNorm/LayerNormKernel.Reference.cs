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
}
