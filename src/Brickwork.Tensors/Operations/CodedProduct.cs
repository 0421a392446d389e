using Brickwork.Tensors.Storage;
using Brickwork.Tensors.Weights;

namespace Brickwork.Tensors.Operations;

/// <summary>The product with a matrix that is kept in few bits: it is written out, used and forgotten.</summary>
static partial class CodedProduct
{
    [ThreadStatic]
    static NativeStorage? _memory;

    /// <summary>y = x·Wᵀ in the order of <see cref="MatMul"/>, for passes that remember.</summary>
    /// <param name="compute">Threads and path.</param>
    /// <param name="x">[T, K].</param>
    /// <param name="weight">[R, K].</param>
    /// <param name="y">[T, R].</param>
    public static void Run(Compute compute, Tensor x, CodedMatrix weight, Tensor y) => MatMul.Run(compute, x, Expanded(compute, weight), y);

    /// <summary>The same in the order of <see cref="Gemm"/>, for whole sequences.</summary>
    public static void RunWhole(Compute compute, Tensor x, CodedMatrix weight, Tensor y) => Gemm.Run(compute, Transposes.Second, x, Expanded(compute, weight), y);

    static Tensor Expanded(Compute compute, CodedMatrix weight)
    {
        var bytes = (long)weight.Rows * weight.Columns * sizeof(float);
        if (_memory is null || _memory.Length < bytes)
        {
            _memory?.Dispose();
            _memory = new NativeStorage(bytes, isCleared: false);
        }
        var values = new Tensor(_memory, 0, DType.F32, new Shape(weight.Rows, weight.Columns));
        weight.Expand(compute, values);
        return values;
    }
}
