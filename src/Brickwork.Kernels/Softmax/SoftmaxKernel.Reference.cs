namespace Brickwork.Kernels.Softmax;

static partial class SoftmaxKernel
{
    static void RunReference(ReadOnlySpan<float> x, Span<float> y)
    {
        var largest = float.NegativeInfinity;
        foreach (var value in x)
            largest = MathF.Max(largest, value);
        var sum = 0.0;
        foreach (var value in x)
            sum += Math.Exp((double)value - largest);
        for (var i = 0; i < x.Length; i++)
            y[i] = (float)(Math.Exp((double)x[i] - largest) / sum);
    }
}
