using Brickwork.Tensors.Autograd;

namespace Brickwork.Tensors.Operations;

static partial class Scale
{
    /// <summary>The gradient of the product becomes that of a, in place.</summary>
    public static void Backward(Compute compute, in Tensor da, float factor) => Run(compute, da, factor);

    /// <summary>Records what <see cref="Run"/> did, if it is wanted.</summary>
    public static void Record(Tape tape, in Tensor a, float factor)
    {
        if (tape.Wants(a))
            tape.Record(a, new Step(a, factor));
    }

    sealed class Step(Tensor a, float factor) : IGradient
    {
        public void Backward(Tape tape) => Scale.Backward(tape.Compute, tape.Gradient(a), factor);
    }
}
