namespace Brickwork.Kernels.Elementwise;

static partial class ElementwiseKernel
{
    static void AddReference(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> y)
    {
        for (var i = 0; i < y.Length; i++)
            y[i] = a[i] + b[i];
    }

    static void MultiplyReference(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> y)
    {
        for (var i = 0; i < y.Length; i++)
            y[i] = a[i] * b[i];
    }

    static void AddScaledReference(ReadOnlySpan<float> x, float factor, Span<float> y)
    {
        for (var i = 0; i < y.Length; i++)
            y[i] = MathF.FusedMultiplyAdd(x[i], factor, y[i]);
    }

    static void MultiplyAddReference(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> y)
    {
        for (var i = 0; i < y.Length; i++)
            y[i] = MathF.FusedMultiplyAdd(a[i], b[i], y[i]);
    }

    static void ScaleReference(ReadOnlySpan<float> x, float factor, Span<float> y)
    {
        for (var i = 0; i < y.Length; i++)
            y[i] = x[i] * factor;
    }

    static void SoftCapReference(ReadOnlySpan<float> x, float cap, Span<float> y)
    {
        for (var i = 0; i < y.Length; i++)
            y[i] = (float)(Math.Tanh((double)x[i] / cap) * cap);
    }

    static void SoftCapBackwardReference(ReadOnlySpan<float> y, float cap, Span<float> dy)
    {
        for (var i = 0; i < y.Length; i++)
            dy[i] = (float)(dy[i] * (1 - (double)y[i] / cap * y[i] / cap));
    }
}
