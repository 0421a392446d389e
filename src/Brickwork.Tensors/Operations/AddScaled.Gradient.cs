using Brickwork.Tensors.Autograd;

namespace Brickwork.Tensors.Operations;

static partial class AddScaled
{
    /// <summary>Adds to the gradient of b; that of a is the one of the sum, in the same place.</summary>
    /// <param name="compute">Threads and path.</param>
    /// <param name="da">[T, D], the gradient of the sum.</param>
    /// <param name="factor">The factor of b.</param>
    /// <param name="db">[T, D], added to.</param>
    public static void Backward(Compute compute, in Tensor da, float factor, in Tensor db) => Run(compute, db, da, factor);

    /// <summary>Records what <see cref="Run"/> did, if any of it is wanted.</summary>
    public static void Record(Tape tape, in Tensor a, in Tensor b, float factor)
    {
        if (tape.Wants(b))
            tape.Record(a, new Step(a, b, factor));
    }

    sealed class Step(Tensor a, Tensor b, float factor) : IGradient
    {
        public void Backward(Tape tape) => AddScaled.Backward(tape.Compute, tape.Gradient(a), factor, tape.Gradient(b));
    }
}
