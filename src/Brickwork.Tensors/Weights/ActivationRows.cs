using System.Runtime.InteropServices;
using Brickwork.Kernels.QuantizedMatMul;
using Brickwork.Kernels.Threading;
using Brickwork.Tensors.Storage;

namespace Brickwork.Tensors.Weights;

/// <summary>The inputs of one or several products, in the forms that weights may ask for; made once and shared by all of them.</summary>
readonly struct ActivationRows
{
    // Below this many values, rounding them takes less time than waking a thread.
    const int ChunkValues = 1 << 15;

    ActivationRows(Tensor values, Tensor? blocks)
    {
        Values = values;
        Blocks = blocks;
    }

    /// <summary>[T, K] F32.</summary>
    public Tensor Values { get; }

    /// <summary>
    /// The same as rows of <see cref="ActivationBlocks"/>, in memory that is typed F32; null where no product will ask for it.
    /// </summary>
    public Tensor? Blocks { get; }

    /// <summary>Inputs for <see cref="WeightMatrix.Multiply"/>, valid as long as what was taken from the arena.</summary>
    /// <param name="compute">Says which forms its products need.</param>
    /// <param name="values">[T, K] F32; must not change while the result is in use.</param>
    /// <param name="arena">Where other forms live.</param>
    public static ActivationRows Of(Compute compute, Tensor values, Arena arena)
    {
        if (!WeightMatrix.MayUseBlocks(compute, values.Columns) || values.Rows == 0)
            return new ActivationRows(values, null);
        var blocks = arena.Take(values.Rows, ActivationBlocks.RowBytes(values.Columns) / sizeof(float));
        var chunkRows = Math.Max(1, ChunkValues / values.Columns);
        compute.Team.Run((values.Rows + chunkRows - 1) / chunkRows, new Job(compute.InstructionSet, values, blocks, chunkRows));
        return new ActivationRows(values, blocks);
    }

    readonly struct Job(InstructionSet path, Tensor values, Tensor blocks, int chunkRows) : IParallelJob
    {
        public void Run(int chunk)
        {
            var first = chunk * chunkRows;
            var rows = Math.Min(chunkRows, values.Rows - first);
            ActivationBlocks.Quantize(path, values.SliceRows(first, rows).Floats,
                MemoryMarshal.AsBytes(blocks.SliceRows(first, rows).Floats));
        }
    }
}
