using Brickwork.Kernels.CrossEntropy;

namespace Brickwork.Tensors.Operations;

/// <summary>How surprised logits are by the tokens that came: −ln softmax(logits)[target], summed over the rows, in nats.</summary>
static partial class CrossEntropy
{
    /// <summary>The sum of losses; the logits stay.</summary>
    /// <param name="compute">Threads and path.</param>
    /// <param name="logits">[N, V].</param>
    /// <param name="targets">[N], each 0 … V−1 or <see cref="RowLosses.NotScored"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A target is no column.</exception>
    public static double Run(Compute compute, in Tensor logits, ReadOnlySpan<int> targets) =>
        RowLosses.Sum(compute, logits, targets, new Loss(compute.InstructionSet, logits));

    readonly struct Loss(InstructionSet path, Tensor logits) : IRowLoss
    {
        public double Run(int row, int target) => CrossEntropyKernel.Run(path, logits.Row(row), target);

        public void Skip(int row)
        {
        }
    }
}
