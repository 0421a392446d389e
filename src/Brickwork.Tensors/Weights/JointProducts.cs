using System.Runtime.InteropServices;
using Brickwork.Kernels.Activations;
using Brickwork.Kernels.QuantizedMatMul;
using Brickwork.Kernels.Threading;
using Brickwork.Tensors.Operations;
using Brickwork.Tensors.Storage;

namespace Brickwork.Tensors.Weights;

/// <summary>Products of the same inputs that run together: threads meet once at the end, not after each of them.</summary>
/// <remarks>Every output keeps the bits that <see cref="WeightMatrix.Multiply"/> gives it.</remarks>
static class JointProducts
{
    /// <summary>Three products; false, and nothing done, where a matrix has no products with rounded inputs.</summary>
    public static bool TryRun(
        Compute compute, in ActivationRows x, WeightMatrix first, Tensor firstY, WeightMatrix second, Tensor secondY,
        WeightMatrix third, Tensor thirdY)
    {
        if (x.Blocks is not { } blocks || first.Packed(compute) is not { } a || second.Packed(compute) is not { } b
            || third.Packed(compute) is not { } c)
            return false;
        MatMul.Check(x.Values, first.Stored, firstY);
        MatMul.Check(x.Values, second.Stored, secondY);
        MatMul.Check(x.Values, third.Stored, thirdY);
        var path = compute.InstructionSet;
        var job = new SideBySide(path, new Share(a, blocks, firstY), new Share(b, blocks, secondY), new Share(c, blocks, thirdY));
        compute.Team.Run(job.Chunks, job);
        return true;
    }

    /// <summary>f(gate · x) ⊙ (up · x), rounded for the product that follows; null, and nothing done, where that cannot run together.</summary>
    /// <param name="compute">Threads and kernel path.</param>
    /// <param name="x">[T, K].</param>
    /// <param name="gate">[R, K].</param>
    /// <param name="up">[R, K].</param>
    /// <param name="kind">f.</param>
    /// <param name="arena">Where the [T, R] outputs live.</param>
    public static ActivationRows? TryRunGated(
        Compute compute, in ActivationRows x, WeightMatrix gate, WeightMatrix up, ActivationKind kind, Arena arena)
    {
        if (x.Blocks is not { } blocks || gate.Rows != up.Rows || gate.Rows % ActivationBlocks.BlockLength != 0
            || gate.Packed(compute) is not { } a || up.Packed(compute) is not { } b)
            return null;
        var y = arena.Take(x.Values.Rows, gate.Rows);
        var factors = arena.Take(x.Values.Rows, gate.Rows);
        MatMul.Check(x.Values, gate.Stored, y);
        MatMul.Check(x.Values, up.Stored, factors);
        var rounded = arena.Take(y.Rows, ActivationBlocks.RowBytes(y.Columns) / sizeof(float));
        var chunks = a.Chunks(y.Rows);
        compute.Team.Run(chunks.Count, new Gated(chunks, compute.InstructionSet, kind, blocks, a, y, b, factors, rounded));
        return new ActivationRows(y, rounded);
    }

    /// <summary>One of several products: its weights, how their rows are shared among threads, and its outputs.</summary>
    readonly struct Share(PackedWeights weights, Tensor blocks, Tensor y)
    {
        public RowChunks Chunks { get; } = weights.Chunks(blocks.Rows);

        public void Run(InstructionSet path, int chunk) => weights.Multiply(path, Chunks[chunk], blocks, y);
    }

    readonly struct SideBySide(InstructionSet path, Share first, Share second, Share third) : IParallelJob
    {
        readonly int _second = first.Chunks.Count;
        readonly int _third = first.Chunks.Count + second.Chunks.Count;

        public int Chunks => _third + third.Chunks.Count;

        public void Run(int chunk)
        {
            if (chunk < _second)
                first.Run(path, chunk);
            else if (chunk < _third)
                second.Run(path, chunk - _second);
            else
                third.Run(path, chunk - _third);
        }
    }

    /// <summary>Some rows of gate and up, their activation and its rounding while they are in the nearest cache.</summary>
    readonly struct Gated(
        RowChunks chunks, InstructionSet path, ActivationKind kind, Tensor blocks, PackedWeights gate, Tensor y, PackedWeights up,
        Tensor factors, Tensor rounded) : IParallelJob
    {
        public void Run(int chunk)
        {
            var (first, count) = chunks[chunk];
            gate.Multiply(path, (first, count), blocks, y);
            up.Multiply(path, (first, count), blocks, factors);
            var allGates = y.Floats;
            var allFactors = factors.Floats;
            var allRounded = MemoryMarshal.AsBytes(rounded.Floats);
            var (columns, rowBytes) = (y.Columns, ActivationBlocks.RowBytes(y.Columns));
            for (var token = 0; token < y.Rows; token++)
            {
                var values = allGates.Slice(token * columns + first, count);
                ActivationKernel.Run(path, kind, values, allFactors.Slice(token * columns + first, count), Activation.DefaultLimit, values);
                ActivationBlocks.Quantize(path, values,
                    allRounded.Slice(token * rowBytes + ActivationBlocks.RowBytes(first), ActivationBlocks.RowBytes(count)));
            }
        }
    }
}
