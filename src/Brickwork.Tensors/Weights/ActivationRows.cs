using System.Runtime.InteropServices;
using Brickwork.Kernels.QuantizedMatMul;
using Brickwork.Kernels.RmsNorm;
using Brickwork.Tensors.Operations;
using Brickwork.Tensors.Storage;

namespace Brickwork.Tensors.Weights;

/// <summary>The inputs of one or several products, in the forms that weights may ask for; made once and shared by all of them.</summary>
readonly struct ActivationRows
{
    /// <param name="values">[T, K] F32.</param>
    /// <param name="blocks">The same, rounded, or null.</param>
    public ActivationRows(Tensor values, Tensor? blocks)
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
        var blocks = TakeBlocks(values, arena);
        RowWork.Run(compute, values.Rows, values.Columns, new Job(compute.InstructionSet, values, blocks));
        return new ActivationRows(values, blocks);
    }

    /// <summary>The root-mean-square norm of some rows, rounded while they are in the nearest cache.</summary>
    /// <param name="compute">Says which forms the products need.</param>
    /// <param name="x">[T, K] F32.</param>
    /// <param name="gain">[K].</param>
    /// <param name="epsilon">Added to the mean square.</param>
    /// <param name="arena">Where the result lives.</param>
    public static ActivationRows Normalized(Compute compute, Tensor x, Tensor gain, float epsilon, Arena arena)
    {
        RowWork.RequireColumns(gain, x.Columns);
        var values = arena.Take(x.Rows, x.Columns);
        if (!WeightMatrix.MayUseBlocks(compute, x.Columns) || x.Rows == 0)
        {
            RmsNorm.Run(compute, x, gain, epsilon, values);
            return new ActivationRows(values, null);
        }
        var blocks = TakeBlocks(values, arena);
        RowWork.Run(compute, values.Rows, values.Columns, new NormJob(compute.InstructionSet, x, gain, epsilon, values, blocks));
        return new ActivationRows(values, blocks);
    }

    static Tensor TakeBlocks(Tensor values, Arena arena) =>
        arena.Take(values.Rows, ActivationBlocks.RowBytes(values.Columns) / sizeof(float));

    readonly struct Job(InstructionSet path, Tensor values, Tensor blocks) : IRowWork
    {
        public void Run(int firstRow, int rows)
        {
            var (columns, rowBytes) = (values.Columns, ActivationBlocks.RowBytes(values.Columns));
            ActivationBlocks.Quantize(path, values.Floats.Slice(firstRow * columns, rows * columns),
                MemoryMarshal.AsBytes(blocks.Floats).Slice(firstRow * rowBytes, rows * rowBytes));
        }
    }

    readonly struct NormJob(InstructionSet path, Tensor x, Tensor gain, float epsilon, Tensor values, Tensor blocks) : IRowWork
    {
        public void Run(int firstRow, int rows)
        {
            var (columns, rowBytes) = (values.Columns, ActivationBlocks.RowBytes(values.Columns));
            var source = x.Floats;
            var target = values.Floats;
            var rounded = MemoryMarshal.AsBytes(blocks.Floats);
            for (var row = firstRow; row < firstRow + rows; row++)
            {
                var normed = target.Slice(row * columns, columns);
                RmsNormKernel.Run(path, source.Slice(row * columns, columns), gain.Floats, epsilon, normed);
                ActivationBlocks.Quantize(path, normed, rounded.Slice(row * rowBytes, rowBytes));
            }
        }
    }
}
