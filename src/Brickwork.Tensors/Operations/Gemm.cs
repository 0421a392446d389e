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

    static void Run(Compute compute, GemmTarget target, Transposes transposes, Tensor a, Tensor b, Tensor c, float alpha)
    {
        var size = Check(transposes, a, b, c);
        if (size.Rows == 0 || size.Columns == 0)
            return;
        if (size.Depth == 0 && target == GemmTarget.Replace)
            c.Floats.Clear();
        var factors = new PackedFactors(compute.InstructionSet, size, transposes, a, b);
        var memory = Memory(factors.Floats);
        for (var first = 0; first < size.Depth; first += factors.MostSteps, target = GemmTarget.Add)
        {
            var part = factors.At(first, memory);
            compute.Team.Run(part.Chunks, new PackJob(part));
            var chunks = new TileChunks(compute.InstructionSet, part.Size);
            compute.Team.Run(chunks.Count, new MultiplyJob(part, chunks, target, alpha, c));
        }
    }

    static GemmSize Check(Transposes transposes, Tensor a, Tensor b, Tensor c)
    {
        if (a.Type != DType.F32 || c.Type != DType.F32)
            throw new ArgumentException($"A product takes a left factor of F32 and gives F32; found {a} and {c}.");
        var (rows, depth) = transposes.HasFlag(Transposes.First) ? (a.Columns, a.Rows) : (a.Rows, a.Columns);
        var (other, columns) = transposes.HasFlag(Transposes.Second) ? (b.Columns, b.Rows) : (b.Rows, b.Columns);
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
            _packed = new NativeStorage(bytes, isCleared: false);
        }
        return new Tensor(_packed, 0, DType.F32, new Shape(floats));
    }

    readonly struct PackJob(PackedFactors factors) : IParallelJob
    {
        public void Run(int chunk) => factors.Pack(chunk);
    }

    readonly struct MultiplyJob(PackedFactors factors, TileChunks chunks, GemmTarget target, float alpha, Tensor c) : IParallelJob
    {
        public void Run(int chunk)
        {
            var (row, column, size) = chunks[chunk];
            GemmKernel.Block(factors.Path, target, size, factors.Rows(row), factors.Columns(column), alpha,
                c.Floats[(row * c.Columns + column)..], c.Columns);
        }
    }
}
