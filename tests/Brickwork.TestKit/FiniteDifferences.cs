namespace Brickwork.TestKit;

/// <summary>Gradients in double precision by central differences: the truth that gradients in F32 are held against.</summary>
public static class FiniteDifferences
{
    // The error of a central difference is about h² of the third derivative plus 1e-16 / h of the value.
    const double Step = 1e-5;

    /// <summary>The gradient of Σ weights · formula(inputs) by every value of input <paramref name="index"/>.</summary>
    public static double[] Gradient(Formula formula, double[][] inputs, int index, double[] weights)
    {
        var values = inputs[index];
        var gradient = new double[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            var value = values[i];
            values[i] = value + Step;
            var above = Dot(formula(inputs), weights);
            values[i] = value - Step;
            var below = Dot(formula(inputs), weights);
            values[i] = value;
            gradient[i] = (above - below) / (2 * Step);
        }
        return gradient;
    }

    /// <summary>The slope of Σ weights · formula(inputs) where input <paramref name="index"/> moves along a direction.</summary>
    public static double Slope(Formula formula, double[][] inputs, int index, double[] direction, double[] weights)
    {
        var values = inputs[index];
        inputs[index] = [.. values.Zip(direction, (value, step) => value + Step * step)];
        var above = Dot(formula(inputs), weights);
        inputs[index] = [.. values.Zip(direction, (value, step) => value - Step * step)];
        var below = Dot(formula(inputs), weights);
        inputs[index] = values;
        return (above - below) / (2 * Step);
    }

    public static double Dot(double[] a, double[] b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }

    public static double Length(double[] a) => Math.Sqrt(Dot(a, a));
}
