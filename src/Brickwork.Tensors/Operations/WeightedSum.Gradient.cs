using Brickwork.Tensors.Autograd;

namespace Brickwork.Tensors.Operations;

static partial class WeightedSum
{
    /// <summary>Adds to the gradients of x and of the weights.</summary>
    /// <param name="compute">Threads.</param>
    /// <param name="x">[T·U, D].</param>
    /// <param name="weights">[T, U]; null = all are 1.</param>
    /// <param name="dy">[T, D], the gradient of the sums.</param>
    /// <param name="dx">[T·U, D], added to; null = not wanted.</param>
    /// <param name="dWeights">[T, U], added to; null = not wanted.</param>
    public static void Backward(Compute compute, in Tensor x, in Tensor? weights, in Tensor dy, in GradientSum? dx, in GradientSum? dWeights)
    {
        var used = Used(x, weights, dy);
        if (dx is { } rows)
            RowWork.RequireSameShape(x, rows.Place);
        RowWork.Run(compute, dy.Rows, x.Columns * used, new BackwardWork(x, weights, used, dy, dx, dWeights));
    }

    /// <summary>Records what <see cref="Run"/> did, if any of it is wanted.</summary>
    public static void Record(Tape tape, in Tensor x, in Tensor? weights, in Tensor y)
    {
        if (tape.Wants(x) || (weights is { } given && tape.Wants(given)))
            tape.Record(y, new Step(x, weights, y));
    }

    sealed class Step(Tensor x, Tensor? weights, Tensor y) : IGradient
    {
        public void Backward(Tape tape) =>
            WeightedSum.Backward(tape.Compute, x, weights, tape.Gradient(y), tape.TrySum(x), tape.TrySum(weights));
    }

    readonly struct BackwardWork(Tensor x, Tensor? weights, int used, Tensor dy, GradientSum? dx, GradientSum? dWeights) : IRowWork
    {
        public void Run(int firstRow, int rows)
        {
            var slopes = GradientSum.Part(dWeights, firstRow * used, rows * used);
            for (var row = firstRow; row < firstRow + rows; row++)
                for (var place = row * used; place < (row + 1) * used; place++)
                {
                    var weight = weights is { } given ? given.Floats[place] : 1;
                    Run(x.Row(place), weight, dy.Row(row), GradientSum.Part(dx, place * x.Columns, x.Columns),
                        slopes.IsEmpty ? default : slopes.Slice(place - firstRow * used, 1));
                }
        }

        static void Run(ReadOnlySpan<float> x, float weight, ReadOnlySpan<float> dy, Span<float> dx, Span<float> slope)
        {
            for (var column = 0; column < dx.Length; column++)
                dx[column] += weight * dy[column];
            if (slope.IsEmpty)
                return;
            var sum = 0.0;
            for (var column = 0; column < x.Length; column++)
                sum += (double)x[column] * dy[column];
            slope[0] += (float)sum;
        }
    }
}
