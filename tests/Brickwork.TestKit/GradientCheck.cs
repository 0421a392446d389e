using System.Globalization;

namespace Brickwork.TestKit;

/// <summary>Holds the gradient of an operation against finite differences of its formula.</summary>
public static class GradientCheck
{
    // Each value of a small case is tried by itself; a large one along random directions.
    const int MostValuesOneByOne = 2000;
    const int Directions = 3;

    /// <summary>
    /// Fails where a gradient is wrong, replaces what was there instead of adding to it, depends on the number of threads, or on
    /// which of the other gradients are wanted.
    /// </summary>
    public static void ShouldMatchFiniteDifferences(this GradientCase operation, InstructionSet path)
    {
        var random = new Random(operation.Name.Sum(letter => letter * letter));
        Tensor[] inputs = [.. operation.Inputs.Select(shape => Draw(random, operation.Spread, shape, operation.Kinks))];
        Tensor[] before = [.. operation.Inputs.Select(shape => Draw(random, 1, shape))];
        var weights = Draw(random, 1, operation.Output);

        float[][] Run(int threads, int? only = null)
        {
            using var compute = new Compute(threads, path);
            Tensor?[] gradients = [.. before.Select((start, index) => only is null || only == index ? Copy(start) : (Tensor?)null)];
            operation.Backward(compute, [.. inputs.Select(Copy)], Copy(weights), gradients);
            return [.. gradients.Select(gradient => gradient?.Floats.ToArray() ?? [])];
        }

        var found = Run(threads: 1);
        var threaded = Run(threads: 3);
        for (var index = 0; index < inputs.Length; index++)
        {
            var what = $"{operation.Name} on {path}: the gradient of input {index}";
            Close(threaded[index], found[index], Tolerance.Exact, what + " with 3 threads");
            Close(Run(threads: 1, index)[index], found[index], Tolerance.Exact, what + " alone");
            Compare(operation, inputs, index, Added(found[index], before[index]), Doubles(weights), random, what);
        }
    }

    static void Compare(
        GradientCase operation, Tensor[] inputs, int index, double[] found, double[] weights, Random random, string what)
    {
        double[][] point = [.. inputs.Select(Doubles)];
        if (found.Length <= MostValuesOneByOne)
        {
            ShouldBeNear(found, FiniteDifferences.Gradient(operation.Formula, point, index, weights), operation.Tolerance, what);
            return;
        }
        for (var trial = 0; trial < Directions; trial++)
        {
            double[] direction = [.. found.Select(_ => random.Next(2) * 2 - 1.0)];
            var slope = FiniteDifferences.Slope(operation.Formula, point, index, direction, weights);
            var error = Math.Abs(FiniteDifferences.Dot(found, direction) - slope) / FiniteDifferences.Length(found);
            Require(error, operation.Tolerance, what + " along a direction");
        }
    }

    /// <summary>Fails where ‖found − expected‖ exceeds this share of ‖expected‖.</summary>
    public static void ShouldBeNear(double[] found, double[] expected, double tolerance, string what)
    {
        if (found.Length != expected.Length)
            Assert.Fail($"{what}: found {found.Length} values, expected {expected.Length}.");
        var length = FiniteDifferences.Length(expected);
        if (length == 0)
            Assert.Fail($"{what}: the expected gradient is zero, so nothing is tried.");
        Require(FiniteDifferences.Length([.. found.Zip(expected, (a, b) => a - b)]) / length, tolerance, what);
    }

    static void Require(double error, double tolerance, string what)
    {
        if (!(error <= tolerance))
            Assert.Fail(string.Create(CultureInfo.InvariantCulture, $"{what} is off by {error:G3} of its length; allowed {tolerance:G3}."));
    }

    static void Close(ReadOnlySpan<float> found, ReadOnlySpan<float> expected, Tolerance tolerance, string what) =>
        found.ShouldBeClose(expected, tolerance, what);

    static double[] Added(float[] after, Tensor before) => [.. after.Zip(before.Floats.ToArray(), (end, start) => (double)end - start)];

    static double[] Doubles(Tensor tensor) => [.. tensor.Floats.ToArray().Select(value => (double)value)];

    static Tensor Copy(Tensor tensor) => Tensor.From(tensor.Floats, [tensor.Shape.Count]).Reshape(tensor.Shape.Dimensions);

    static Tensor Draw(Random random, double spread, long[] shape, IReadOnlyList<double>? kinks = null)
    {
        var tensor = Tensor.Zeros(shape);
        foreach (ref var value in tensor.Floats)
            do
                value = (float)((random.NextDouble() * 2 - 1) * spread);
            while (IsNear(value, kinks ?? []));
        return tensor;
    }

    static bool IsNear(double value, IReadOnlyList<double> kinks) => kinks.Any(kink => Math.Abs(value - kink) < 1e-3);
}
