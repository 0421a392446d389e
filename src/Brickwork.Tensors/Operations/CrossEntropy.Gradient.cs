using Brickwork.Kernels.CrossEntropy;

namespace Brickwork.Tensors.Operations;

static partial class CrossEntropy
{
    /// <summary>The sum of losses; the logits become its gradient times <paramref name="scale"/>, in place.</summary>
    /// <param name="compute">Threads and path.</param>
    /// <param name="logits">[N, V], changed: (softmax − target) · scale, and 0 in rows that are not scored.</param>
    /// <param name="targets">[N], each 0 … V−1 or <see cref="RowLosses.NotScored"/>.</param>
    /// <param name="scale">The share of this sum in what is minimized.</param>
    /// <exception cref="ArgumentOutOfRangeException">A target is no column.</exception>
    public static double Backward(Compute compute, in Tensor logits, ReadOnlySpan<int> targets, float scale) =>
        RowLosses.Sum(compute, logits, targets, new LossAndGradient(compute.InstructionSet, logits, scale));

    readonly struct LossAndGradient(InstructionSet path, Tensor logits, float scale) : IRowLoss
    {
        public double Run(int row, int target) => CrossEntropyKernel.Backward(path, logits.Row(row), target, scale);

        public void Skip(int row) => logits.Row(row).Clear();
    }
}
