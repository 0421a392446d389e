using Brickwork.Kernels.MatMul;
using Brickwork.Kernels.Threading;
using Brickwork.Tensors.Storage;

namespace Brickwork.Tensors.Operations;

/// <summary>The exact matrix product: F32 inputs with weights of any storage type, which are read as they are stored.</summary>
static partial class MatMul
{
    // A chunk is worth the trip to another thread from about here on; below, threads would wait for each other.
    const long ChunkWork = 1 << 17;

    // Inputs that are laid out together: enough to repay laying out the weights, few enough for the third-level cache.
    const int PassTokens = 44 * OuterPanel.GroupTokens;

    [ThreadStatic]
    static NativeStorage? _inputs;

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
        var panels = OuterPanel.Takes(compute.InstructionSet, weight.Type, x.Rows) ? weight.Rows / OuterPanel.Rows : 0;
        if (panels > 0)
            RunPanels(compute, x, weight, y, panels);
        var first = panels * OuterPanel.Rows;
        if (first == weight.Rows)
            return;
        var work = (long)DotPanel.MostRows * x.Columns * (x.Rows + 3);
        var chunkPanels = (int)Math.Clamp(ChunkWork / Math.Max(work, 1), 1, 64);
        var job = new DotJob(compute.InstructionSet, x, weight, y, first, chunkPanels * DotPanel.MostRows);
        compute.Team.Run((weight.Rows - first + job.ChunkRows - 1) / job.ChunkRows, job);
    }

    /// <summary>Raises an exception unless the shapes are [T, K], [R, K] and [T, R], with F32 for inputs and outputs.</summary>
    internal static void Check(Tensor x, Tensor weight, Tensor y)
    {
        if (x.Type != DType.F32 || y.Type != DType.F32)
            throw new ArgumentException($"A product takes and gives F32; found {x} and {y}.");
        if (x.Columns != weight.Columns || y.Columns != weight.Rows || x.Rows != y.Rows)
            throw new ArgumentException($"The product of inputs {x} and weights {weight} is [{x.Rows}, {weight.Rows}], not {y}.");
    }

    static void RunPanels(Compute compute, Tensor x, Tensor weight, Tensor y, int panels)
    {
        var passes = (x.Rows + PassTokens - 1) / PassTokens;
        var passTokens = OuterPanel.Groups((x.Rows + passes - 1) / passes) * OuterPanel.GroupTokens;
        for (var token = 0; token < x.Rows; token += passTokens)
        {
            var tokens = Math.Min(passTokens, x.Rows - token);
            var some = x.SliceRows(token, tokens);
            var groups = Inputs(OuterPanel.Groups(tokens), OuterPanel.GroupFloats(x.Columns));
            compute.Team.Run(groups.Rows, new InputJob(some, groups));
            compute.Team.Run(panels, new PanelJob(groups, weight, y.SliceRows(token, tokens)));
        }
    }

    /// <summary>Memory of the calling thread, which grows to the largest product.</summary>
    static Tensor Inputs(int groups, int groupFloats)
    {
        var bytes = (long)groups * groupFloats * sizeof(float);
        if (_inputs is null || _inputs.Length < bytes)
        {
            _inputs?.Dispose();
            _inputs = new NativeStorage(bytes, isCleared: false);
        }
        return new Tensor(_inputs, 0, DType.F32, new Shape(groups, groupFloats));
    }

    readonly struct InputJob(Tensor x, Tensor groups) : IParallelJob
    {
        public void Run(int chunk)
        {
            var token = chunk * OuterPanel.GroupTokens;
            OuterPanel.LayOutInputs(x.SliceRows(token, Math.Min(OuterPanel.GroupTokens, x.Rows - token)).Floats, x.Columns,
                groups.Row(chunk));
        }
    }

    readonly struct PanelJob(Tensor groups, Tensor weight, Tensor y) : IParallelJob
    {
        public void Run(int chunk)
        {
            var row = chunk * OuterPanel.Rows;
            OuterPanel.Run(weight.Type, weight.RowSpan(row, OuterPanel.Rows), groups.Floats, y.Rows, weight.Columns, y.Floats[row..],
                weight.Rows);
        }
    }

    readonly struct DotJob(InstructionSet path, Tensor x, Tensor weight, Tensor y, int first, int chunkRows) : IParallelJob
    {
        public int ChunkRows { get; } = chunkRows;

        public void Run(int chunk)
        {
            var row = first + chunk * ChunkRows;
            var last = Math.Min(row + ChunkRows, weight.Rows);
            var stored = weight.RowSpan(row, last - row);
            var rowBytes = stored.Length / (last - row);
            var inputs = x.Floats;
            var outputs = y.Floats;
            for (var at = row; at < last; at += DotPanel.MostRows, stored = stored[Math.Min(DotPanel.MostRows * rowBytes, stored.Length)..])
                for (var token = 0; token < x.Rows; token += DotPanel.MostTokens)
                {
                    var tokens = Math.Min(DotPanel.MostTokens, x.Rows - token);
                    DotPanel.Run(path, weight.Type, stored[..Math.Min(DotPanel.MostRows * rowBytes, stored.Length)],
                        inputs.Slice(token * x.Columns, tokens * x.Columns), x.Columns, outputs[(token * weight.Rows + at)..], weight.Rows);
                }
        }
    }
}
