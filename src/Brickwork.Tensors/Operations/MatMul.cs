using Brickwork.Kernels.MatMul;
using Brickwork.Kernels.Threading;

namespace Brickwork.Tensors.Operations;

/// <summary>The exact matrix product: F32 inputs with weights of any storage type, which are read as they are stored.</summary>
static class MatMul
{
    // A chunk is worth the trip to another thread from about here on; below, threads would wait for each other.
    const long ChunkWork = 1 << 17;

    /// <summary>
    /// y[t, r] = Σ_k weight[r, k] · x[t, k]. One output's bits depend on its two rows only, not on the batch or the threads.
    /// </summary>
    /// <param name="compute">Threads and kernel path.</param>
    /// <param name="x">[T, K] F32.</param>
    /// <param name="weight">[R, K]; a slice of a stack of experts is as good as a matrix.</param>
    /// <param name="y">[T, R] F32.</param>
    public static void Run(Compute compute, Tensor x, Tensor weight, Tensor y)
    {
        Check(x, weight, y);
        if (x.Rows == 0 || weight.Rows == 0)
            return;
        var work = (long)DotPanel.MostRows * x.Columns * (x.Rows + 3);
        var panels = (int)Math.Clamp(ChunkWork / Math.Max(work, 1), 1, 64);
        var job = new Job(compute.InstructionSet, x, weight, y, panels * DotPanel.MostRows);
        compute.Team.Run((weight.Rows + job.ChunkRows - 1) / job.ChunkRows, job);
    }

    /// <summary>Raises an exception unless the shapes are [T, K], [R, K] and [T, R], with F32 for inputs and outputs.</summary>
    internal static void Check(Tensor x, Tensor weight, Tensor y)
    {
        if (x.Type != DType.F32 || y.Type != DType.F32)
            throw new ArgumentException($"A product takes and gives F32; found {x} and {y}.");
        if (x.Columns != weight.Columns || y.Columns != weight.Rows || x.Rows != y.Rows)
            throw new ArgumentException($"The product of inputs {x} and weights {weight} is [{x.Rows}, {weight.Rows}], not {y}.");
    }

    readonly struct Job(InstructionSet path, Tensor x, Tensor weight, Tensor y, int chunkRows) : IParallelJob
    {
        public int ChunkRows { get; } = chunkRows;

        public void Run(int chunk)
        {
            var last = Math.Min((chunk + 1) * ChunkRows, weight.Rows);
            for (var row = chunk * ChunkRows; row < last; row += DotPanel.MostRows)
                RunPanel(row, Math.Min(DotPanel.MostRows, last - row));
        }

        void RunPanel(int row, int rows)
        {
            for (var token = 0; token < x.Rows; token += DotPanel.MostTokens)
            {
                var tokens = Math.Min(DotPanel.MostTokens, x.Rows - token);
                var outputs = y.SliceRows(token, tokens).Floats[row..];
                DotPanel.Run(path, weight.Type, weight.RowSpan(row, rows), x.SliceRows(token, tokens).Floats, x.Columns, outputs,
                    weight.Rows);
            }
        }
    }
}
