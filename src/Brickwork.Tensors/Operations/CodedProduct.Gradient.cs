using Brickwork.Tensors.Autograd;
using Brickwork.Tensors.Weights;

namespace Brickwork.Tensors.Operations;

static partial class CodedProduct
{
    /// <summary>dx += dy·W; W is not trained.</summary>
    /// <param name="compute">Threads and path.</param>
    /// <param name="weight">[R, K].</param>
    /// <param name="dy">[T, R].</param>
    /// <param name="dx">[T, K], added to.</param>
    public static void Backward(Compute compute, CodedMatrix weight, Tensor dy, Tensor dx) => Gemm.Add(compute, Transposes.None, dy, Expanded(compute, weight), dx);

    /// <summary>Records the product, if its gradient is wanted.</summary>
    public static void Record(Tape tape, Tensor x, CodedMatrix weight, Tensor y)
    {
        if (tape.Wants(x))
            tape.Record(y, new Step(x, weight, y));
    }

    sealed class Step(Tensor x, CodedMatrix weight, Tensor y) : IGradient
    {
        public void Backward(Tape tape) => CodedProduct.Backward(tape.Compute, weight, tape.Gradient(y), tape.Gradient(x));
    }
}
