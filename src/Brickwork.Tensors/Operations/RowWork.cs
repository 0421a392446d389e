using Brickwork.Kernels.Threading;

namespace Brickwork.Tensors.Operations;

/// <summary>Work on rows that do not look at each other.</summary>
interface IRowWork
{
    void Run(int firstRow, int rows);
}

/// <summary>Shares rows among threads. How they are cut changes no value, because every row is computed by itself.</summary>
static class RowWork
{
    /// <summary>Less than this is done before another thread has woken up.</summary>
    const int SmallWork = 16 * 1024;
    const int ChunkValues = 8 * 1024;

    public static void Run<TWork>(Compute compute, int rows, int columns, in TWork work) where TWork : struct, IRowWork
    {
        if (rows == 0 || columns == 0)
            return;
        if (compute.Threads == 1 || (long)rows * columns <= SmallWork || rows == 1)
        {
            work.Run(0, rows);
            return;
        }
        var chunk = Math.Max(1, ChunkValues / columns);
        compute.Team.Run((rows + chunk - 1) / chunk, new Job<TWork>(work, rows, chunk));
    }

    public static void RequireSameShape(in Tensor a, in Tensor b)
    {
        if (a.Rows != b.Rows || a.Columns != b.Columns)
            throw new ArgumentException($"The tensors differ in shape: {a} and {b}.", nameof(b));
    }

    public static void RequireColumns(in Tensor? row, int columns)
    {
        if (row is { } given && given.Shape.Count != columns)
            throw new ArgumentException($"A row of {columns} values is wanted; found {given}.", nameof(row));
    }

    readonly struct Job<TWork>(TWork work, int rows, int chunkRows) : IParallelJob where TWork : struct, IRowWork
    {
        public void Run(int chunk) => work.Run(chunk * chunkRows, Math.Min(chunkRows, rows - chunk * chunkRows));
    }
}
