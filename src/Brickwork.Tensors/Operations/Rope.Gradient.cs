using Brickwork.Kernels.Rope;
using Brickwork.Tensors.Autograd;

namespace Brickwork.Tensors.Operations;

static partial class Rope
{
    /// <summary>The gradient of the turned rows becomes that of the rows before, in place: it is turned back.</summary>
    /// <param name="compute">Threads and path.</param>
    /// <param name="dx">[T, H·K], changed.</param>
    /// <param name="positions">[T].</param>
    /// <param name="table">The angles.</param>
    /// <param name="heads">H.</param>
    /// <param name="headWidth">K.</param>
    /// <param name="offset">Where the turning values of a head begin.</param>
    public static void Backward(
        Compute compute, in Tensor dx, ReadOnlyMemory<int> positions, RopeTable table, int heads, int headWidth, int offset = 0)
    {
        RequireHeads(dx, positions, table, heads, headWidth, offset);
        RowWork.Run(compute, dx.Rows, dx.Columns, new Work(compute.InstructionSet, dx, positions, table, headWidth, offset, isBackward: true));
    }

    /// <summary>Records what <see cref="Run(Compute, in Tensor, ReadOnlyMemory{int}, RopeTable, int, int, int)"/> did, if it is wanted.</summary>
    public static void Record(
        Tape tape, in Tensor x, ReadOnlyMemory<int> positions, RopeTable table, int heads, int headWidth, int offset = 0)
    {
        if (tape.Wants(x))
            tape.Record(x, new Step(x, positions.ToArray(), table, heads, headWidth, offset));
    }

    sealed class Step(Tensor x, int[] positions, RopeTable table, int heads, int headWidth, int offset) : IGradient
    {
        public void Backward(Tape tape) => Rope.Backward(tape.Compute, tape.Gradient(x), positions, table, heads, headWidth, offset);
    }
}
