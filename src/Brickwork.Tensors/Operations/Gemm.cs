using Brickwork.Kernels.MatMul;
using Brickwork.Kernels.Threading;
using Brickwork.Tensors.Storage;

namespace Brickwork.Tensors.Operations;

/// <summary>The product of two matrices with many rows and columns, each as it is or transposed: near the peak of the processor.</summary>
/// <remarks>
/// The bits of an output depend on its row and its column only (<see cref="GemmKernel"/>), not on the batch or the threads.
/// <see cref="MatMul"/> is for few rows, and adds in another order.
/// </remarks>
static class Gemm
{
    // Large pages: looking up the addresses of small ones takes time. Memory that is not used costs nothing.
    const long SmallestMemory = 8 << 20;

    [ThreadStatic]
    static NativeStorage? _packed;

    /// <summary>c = α·a·b.</summary>
    /// <param name="compute">Threads and kernel path.</param>
    /// <param name="transposes">Whether a is stored as [K, M] instead of [M, K], and b as [N, K] instead of [K, N].</param>
    /// <param name="a">F32.</param>
    /// <param name="b">Any type that is read as floats, a weight for example.</param>
    /// <param name="c">[M, N] F32.</param>
    /// <param name="alpha">A factor.</param>
    public static void Run(Compute compute, Transposes transposes, Tensor a, Tensor b, Tensor c, float alpha = 1) =>
        Run(compute, GemmTarget.Replace, transposes, a, b, c, alpha);

    /// <summary>c += α·a·b.</summary>
    /// <inheritdoc cref="Run(Compute, Transposes, Tensor, Tensor, Tensor, float)"/>
    public static void Add(Compute compute, Transposes transposes, Tensor a, Tensor b, Tensor c, float alpha = 1) =>
        Run(compute, GemmTarget.Add, transposes, a, b, c, alpha);

    /// <summary>Either of them.</summary>
    /// <inheritdoc cref="Run(Compute, Transposes, Tensor, Tensor, Tensor, float)"/>
    public static void Run(Compute compute, GemmTarget target, Transposes transposes, Tensor a, Tensor b, Tensor c, float alpha = 1)
    {
        var size = Check(transposes, a, b, c);
        if (size.Rows == 0 || size.Columns == 0)
            return;
        if (size.Depth == 0 && target == GemmTarget.Replace)
            c.Floats.Clear();
        var right = new RightFactor(compute.InstructionSet, b, (transposes & Transposes.Second) != 0, size.Columns, size.Depth);
        var memory = Memory(right.Floats);
        for (var first = 0; first < size.Depth; first += right.MostSteps, target = GemmTarget.Add)
        {
            var part = right.At(first, memory);
            compute.Team.Run(part.Chunks, new PackJob(part));
            var chunks = new TileChunks(compute.InstructionSet, size with { Depth = part.Depth });
            compute.Team.Run(chunks.Count,
                new MultiplyJob(compute.InstructionSet, target, chunks, a, (transposes & Transposes.First) != 0, first, part, alpha, c));
        }
    }

    static GemmSize Check(Transposes transposes, Tensor a, Tensor b, Tensor c)
    {
        if (a.Type != DType.F32 || c.Type != DType.F32)
            throw new ArgumentException($"A product takes a left factor of F32 and gives F32; found {a} and {c}.");
        var (rows, depth) = (transposes & Transposes.First) != 0 ? (a.Columns, a.Rows) : (a.Rows, a.Columns);
        var (other, columns) = (transposes & Transposes.Second) != 0 ? (b.Columns, b.Rows) : (b.Rows, b.Columns);
        if (depth != other || c.Rows != (c.Columns == 0 ? 0 : rows) || c.Columns != columns)
            throw new ArgumentException(
                $"The product of {a} and {b}, transposed: {transposes}, is [{rows}, {columns}] over {depth} = {other} terms, not {c}.");
        return new GemmSize(rows, columns, depth);
    }

    /// <summary>Memory of the calling thread, which grows to the largest product.</summary>
    static Tensor Memory(int floats)
    {
        var bytes = (long)floats * sizeof(float);
        if (_packed is null || _packed.Length < bytes)
        {
            _packed?.Dispose();
            _packed = new NativeStorage(Math.Max(bytes, SmallestMemory), isCleared: false);
        }
        return new Tensor(_packed, 0, DType.F32, new Shape(floats));
    }

    readonly struct PackJob(RightFactor right) : IParallelJob
    {
        public void Run(int chunk) => right.Pack(chunk);
    }

    readonly struct MultiplyJob(InstructionSet path, GemmTarget target, TileChunks chunks, Tensor a, bool isTransposed, int first,
        RightFactor right, float alpha, Tensor c) : IParallelJob
    {
        public void Run(int chunk)
        {
            var (row, column, size) = chunks[chunk];
            var left = new MatrixView(a.Floats, a.Columns);
            GemmKernel.Block(path, target, size, GemmRows.Of(isTransposed ? left.Transposed : left).From(row / GemmTile.Rows, first),
                right.Columns(column), alpha, c.Floats[(row * c.Columns + column)..], c.Columns);
        }
    }
}
