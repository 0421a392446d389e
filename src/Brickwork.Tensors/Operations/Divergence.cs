using Brickwork.Kernels.CrossEntropy;

namespace Brickwork.Tensors.Operations;

/// <summary>How far a student's logits are from its teacher's: the Kullback–Leibler divergence at a temperature, summed over the rows.</summary>
static partial class Divergence
{
    /// <summary>The sum in nats · temperature²; the logits stay.</summary>
    /// <param name="compute">Threads and path.</param>
    /// <param name="kind">Which of the two is held against the other.</param>
    /// <param name="student">[N, V].</param>
    /// <param name="teacher">[N, V].</param>
    /// <param name="targets">[N]; rows with <see cref="RowLosses.NotScored"/> do not count, whatever else stands there does.</param>
    /// <param name="temperature">Positive; what logits are divided by.</param>
    public static double Run(
        Compute compute, DivergenceKind kind, in Tensor student, in Tensor teacher, ReadOnlySpan<int> targets, float temperature)
    {
        RowWork.RequireSameShape(student, teacher);
        return RowLosses.Sum(compute, student, targets, new Loss(compute.InstructionSet, kind, student, teacher, temperature));
    }

    readonly struct Loss(InstructionSet path, DivergenceKind kind, Tensor student, Tensor teacher, float temperature) : IRowLoss
    {
        public double Run(int row, int target) => DivergenceKernel.Run(path, kind, student.Row(row), teacher.Row(row), temperature);

        public void Skip(int row)
        {
        }
    }
}
