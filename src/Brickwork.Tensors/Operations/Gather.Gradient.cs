using Brickwork.Kernels.Elementwise;
using Brickwork.Kernels.Threading;
using Brickwork.Tensors.Autograd;

namespace Brickwork.Tensors.Operations;

static partial class Gather
{
    /// <summary>Adds to the gradient of x, an embedding table for example: dx[rows[i]] += dy[i], i ascending.</summary>
    /// <param name="compute">Threads and path.</param>
    /// <param name="rows">[T], rows of x; a row may come more than once.</param>
    /// <param name="dy">[T, D], the gradient of the copies.</param>
    /// <param name="dx">[V, D], added to.</param>
    public static void Backward(Compute compute, ReadOnlyMemory<int> rows, in Tensor dy, in Tensor dx)
    {
        RowWork.RequireColumns(dx.Shape.Count == 0 ? null : dx.SliceRows(0, 1), dy.Columns);
        if (rows.Length != dy.Rows)
            throw new ArgumentException($"{dy} is not one row for each of {rows.Length}.", nameof(dy));
        foreach (var row in rows.Span)
            if ((uint)row >= (uint)dx.Rows)
                throw new ArgumentOutOfRangeException(nameof(rows), row, $"There are {dx.Rows} rows.");
        compute.Team.Run(BackwardJob.Chunks, new BackwardJob(compute.InstructionSet, rows, dy, dx));
    }

    /// <summary>Records what <see cref="Run"/> did, if it is wanted.</summary>
    public static void Record(Tape tape, in Tensor x, ReadOnlySpan<int> rows, in Tensor y)
    {
        if (tape.Wants(x))
            tape.Record(y, new Step(x, rows.ToArray(), y));
    }

    sealed class Step(Tensor x, int[] rows, Tensor y) : IGradient
    {
        public void Backward(Tape tape) => Gather.Backward(tape.Compute, rows, tape.Gradient(y), tape.Gradient(x));
    }

    /// <summary>Each chunk owns the rows with one remainder, so that no two threads add to one row and the order of its terms is fixed.</summary>
    readonly struct BackwardJob(InstructionSet path, ReadOnlyMemory<int> rows, Tensor dy, Tensor dx) : IParallelJob
    {
        public const int Chunks = 16;

        public void Run(int chunk)
        {
            var targets = rows.Span;
            for (var i = 0; i < targets.Length; i++)
                if (targets[i] % Chunks == chunk)
                {
                    var sum = dx.Row(targets[i]);
                    ElementwiseKernel.Add(path, sum, dy.Row(i), sum);
                }
        }
    }
}
