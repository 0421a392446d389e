using Brickwork.Kernels.CrossEntropy;

namespace Brickwork.Tensors.Operations;

static partial class Divergence
{
    /// <summary>The sum in nats · temperature²; the student's logits become its gradient times <paramref name="scale"/>, in place.</summary>
    /// <param name="compute">Threads and path.</param>
    /// <param name="kind">Which of the two is held against the other.</param>
    /// <param name="student">[N, V], changed; 0 in rows that are not scored.</param>
    /// <param name="teacher">[N, V].</param>
    /// <param name="targets">[N]; rows with <see cref="RowLosses.NotScored"/> do not count, whatever else stands there does.</param>
    /// <param name="temperature">Positive; what logits are divided by.</param>
    /// <param name="scale">The share of this sum in what is minimized.</param>
    public static double Backward(
        Compute compute, DivergenceKind kind, in Tensor student, in Tensor teacher, ReadOnlySpan<int> targets, float temperature, float scale)
    {
        RowWork.RequireSameShape(student, teacher);
        return RowLosses.Sum(compute, student, targets, new LossAndGradient(compute.InstructionSet, kind, student, teacher, temperature, scale));
    }

    readonly struct LossAndGradient(
        InstructionSet path, DivergenceKind kind, Tensor student, Tensor teacher, float temperature, float scale) : IRowLoss
    {
        public double Run(int row, int target) =>
            DivergenceKernel.Backward(path, kind, student.Row(row), teacher.Row(row), temperature, scale);

        public void Skip(int row) => student.Row(row).Clear();
    }
}
