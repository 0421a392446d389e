using Brickwork.Kernels.MatMul;
using Brickwork.Tensors.Autograd;

namespace Brickwork.Tensors.Operations;

static partial class MatMul
{
    /// <summary>Adds to the gradients of x and weight: dx += dy·W and dW += dyᵀ·x.</summary>
    /// <param name="compute">Threads and path.</param>
    /// <param name="x">[T, K].</param>
    /// <param name="weight">[R, K] of any type.</param>
    /// <param name="dy">[T, R], the gradient of the product.</param>
    /// <param name="dx">[T, K], added to; null = not wanted.</param>
    /// <param name="dWeight">[R, K] F32, added to; null = not wanted.</param>
    public static void Backward(Compute compute, Tensor x, Tensor weight, Tensor dy, GradientSum? dx, Tensor? dWeight)
    {
        Check(x, weight, dy);
        if (dx is { } inputs)
            Gemm.Run(compute, inputs.IsNew ? GemmTarget.Replace : GemmTarget.Add, Transposes.None, dy, weight, inputs.Place);
        if (dWeight is { } weights)
            Gemm.Add(compute, Transposes.First, dy, x, weights);
    }

    /// <summary>Records the product y = x·Wᵀ, however it was computed, if its gradient is wanted.</summary>
    /// <param name="tape">The tape.</param>
    /// <param name="x">[T, K].</param>
    /// <param name="weight">[R, K]; only one of F32 has a gradient.</param>
    /// <param name="y">[T, R], which is not the memory of x.</param>
    public static void Record(Tape tape, Tensor x, Tensor weight, Tensor y)
    {
        if (tape.Wants(x) || tape.Wants(weight))
            tape.Record(y, new Step(x, weight, y));
    }

    sealed class Step(Tensor x, Tensor weight, Tensor y) : IGradient
    {
        public void Backward(Tape tape) =>
            MatMul.Backward(tape.Compute, x, weight, tape.Gradient(y), tape.TrySum(x), tape.TryGradient(weight));
    }
}
