using Brickwork.Tensors.Autograd;

namespace Brickwork.Tensors.Operations;

/// <summary>y = x times one factor that can be trained.</summary>
static class ScaleBy
{
    /// <param name="compute">Threads and path.</param>
    /// <param name="x">[T, D].</param>
    /// <param name="factor">[1].</param>
    /// <param name="y">[T, D], other memory than x.</param>
    public static void Run(Compute compute, in Tensor x, in Tensor factor, in Tensor y)
    {
        x.Floats.CopyTo(y.Floats);
        Scale.Run(compute, y, factor.Floats[0]);
    }

    /// <summary>dx += factor·dy and dfactor += Σ x·dy.</summary>
    public static void Backward(Compute compute, in Tensor x, in Tensor factor, in Tensor dy, in Tensor? dx, in Tensor? dFactor)
    {
        if (dFactor is { } total)
        {
            // Row by row in one order, so that threads change no bit.
            var sum = 0.0;
            for (var row = 0; row < x.Rows; row++)
            {
                var values = x.Row(row);
                var slopes = dy.Row(row);
                var part = 0f;
                for (var column = 0; column < values.Length; column++)
                    part += values[column] * slopes[column];
                sum += part;
            }
            total.Floats[0] += (float)sum;
        }
        if (dx is { } slope)
            AddScaled.Run(compute, slope, dy, factor.Floats[0]);
    }

    /// <summary>Records what <see cref="Run"/> did, if any of it is wanted.</summary>
    public static void Record(Tape tape, in Tensor x, in Tensor factor, in Tensor y)
    {
        if (tape.Wants(x) || tape.Wants(factor))
            tape.Record(y, new Step(x, factor, y));
    }

    sealed class Step(Tensor x, Tensor factor, Tensor y) : IGradient
    {
        public void Backward(Tape tape) => ScaleBy.Backward(tape.Compute, x, factor, tape.Gradient(y), tape.TryGradient(x), tape.TryGradient(factor));
    }
}
