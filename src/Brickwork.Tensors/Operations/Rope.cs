using Brickwork.Kernels.Rope;

namespace Brickwork.Tensors.Operations;

/// <summary>Rotary position embedding, in place.</summary>
static partial class Rope
{
    /// <param name="compute">Threads and path.</param>
    /// <param name="x">[T, H·K], changed. Only the first <see cref="RopeTable.Width"/> values of each head turn.</param>
    /// <param name="positions">[T].</param>
    /// <param name="table">The angles; equal tables should be one object, so that they are computed once.</param>
    /// <param name="heads">H.</param>
    /// <param name="headWidth">K.</param>
    public static void Run(
        Compute compute, in Tensor x, ReadOnlyMemory<int> positions, RopeTable table, int heads, int headWidth) =>
        Run(compute, x, positions, table, heads, headWidth, 0);

    /// <summary>The same where the turning values of a head begin at <paramref name="offset"/>, as in latent attention.</summary>
    public static void Run(
        Compute compute, in Tensor x, ReadOnlyMemory<int> positions, RopeTable table, int heads, int headWidth, int offset)
    {
        RequireHeads(x, positions, table, heads, headWidth, offset);
        RowWork.Run(compute, x.Rows, x.Columns, new Work(compute.InstructionSet, x, positions, table, headWidth, offset, isBackward: false));
    }

    static void RequireHeads(in Tensor x, ReadOnlyMemory<int> positions, RopeTable table, int heads, int headWidth, int offset)
    {
        if (x.Columns != heads * headWidth || x.Rows != positions.Length || offset < 0 || offset + table.Width > headWidth)
            throw new ArgumentException(
                $"{x} is not {positions.Length} rows of {heads} heads of {headWidth} that turn {table.Width} values from {offset} on.",
                nameof(x));
    }

    readonly struct Work(
        InstructionSet path, Tensor x, ReadOnlyMemory<int> positions, RopeTable table, int headWidth, int offset, bool isBackward) : IRowWork
    {
        public void Run(int firstRow, int rows)
        {
            var values = x.Floats;
            var columns = x.Columns;
            var places = positions.Span;
            for (var row = firstRow; row < firstRow + rows; row++)
            {
                var angles = table.Angles(places[row]);
                var line = values.Slice(row * columns, columns);
                for (var head = 0; head < columns; head += headWidth)
                {
                    var part = line.Slice(head + offset, headWidth - offset);
                    if (isBackward)
                        RopeKernel.Backward(path, table.Style, angles, part);
                    else
                        RopeKernel.Run(path, table.Style, angles, part);
                }
            }
        }
    }
}
