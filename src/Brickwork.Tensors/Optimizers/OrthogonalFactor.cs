using Brickwork.Kernels.Optimizers;
using Brickwork.Tensors.Operations;

namespace Brickwork.Tensors.Optimizers;

/// <summary>Replaces a matrix U·S·Vᵀ by about U·Vᵀ: Newton–Schulz iterations of degree five (Jordan et al. 2024).</summary>
/// <remarks>The coefficients trade exactness for speed: singular values end between 0.7 and 1.2, which a step does not mind.</remarks>
sealed class OrthogonalFactor
{
    const float A = 3.4445f, B = -4.7750f, C = 2.0315f;
    const float SmallestNorm = 1e-7f;
    readonly Compute _compute;
    readonly int _iterations;
    readonly Tensor _wide, _turned, _product, _squares, _sums;

    /// <summary>Takes scratch memory for matrices of these shapes.</summary>
    public OrthogonalFactor(Compute compute, IEnumerable<Shape> shapes, int iterations)
    {
        _compute = compute;
        _iterations = iterations;
        var (largest, widest) = (1L, 1L);
        foreach (var shape in shapes)
            (largest, widest) = (Math.Max(largest, shape.Count), Math.Max(widest, Math.Min(shape.Rows, shape.Columns)));
        (_wide, _turned, _product) = (Tensor.Zeros(largest), Tensor.Zeros(largest), Tensor.Zeros(largest));
        (_squares, _sums) = (Tensor.Zeros(widest * widest), Tensor.Zeros(widest * widest));
    }

    /// <param name="matrix">[R, K], changed.</param>
    public void Run(Tensor matrix)
    {
        var isTall = matrix.Rows > matrix.Columns;
        var (rows, columns) = isTall ? (matrix.Columns, matrix.Rows) : (matrix.Rows, matrix.Columns);
        var x = View(_wide, rows, columns);                                  // [m, n], m ≤ n
        if (isTall)
            Transpose(matrix, x);
        else
            matrix.Floats.CopyTo(x.Floats);
        Scale.Run(_compute, x, 1 / MathF.Max((float)GradientNorm.Of(_compute, x), SmallestNorm));
        for (var iteration = 0; iteration < _iterations; iteration++)
            Iterate(x);
        if (isTall)
            Transpose(x, matrix);
        else
            x.Floats.CopyTo(matrix.Floats);
    }

    /// <summary>x = a·x + (b·xxᵀ + c·(xxᵀ)²)·x.</summary>
    void Iterate(Tensor x)
    {
        var squares = View(_squares, x.Rows, x.Rows);
        var sums = View(_sums, x.Rows, x.Rows);
        MatMul.Run(_compute, x, x, squares);                                 // xxᵀ
        MatMul.Run(_compute, squares, squares, sums);                        // its square, as it is symmetric
        MomentumKernel.Blend(_compute.InstructionSet, squares.Floats, B, C, sums.Floats);
        var turned = View(_turned, x.Columns, x.Rows);
        var product = View(_product, x.Rows, x.Columns);
        Transpose(x, turned);
        MatMul.Run(_compute, sums, turned, product);
        MomentumKernel.Blend(_compute.InstructionSet, product.Floats, 1, A, x.Floats);
    }

    void Transpose(Tensor from, Tensor to) => RowWork.Run(_compute, to.Rows, to.Columns, new TransposeWork(from, to));

    static Tensor View(Tensor memory, int rows, int columns) => new(memory.Memory, 0, DType.F32, new Shape(rows, columns));

    readonly struct TransposeWork(Tensor from, Tensor to) : IRowWork
    {
        public void Run(int firstRow, int rows)
        {
            var source = from.Floats;
            for (var row = firstRow; row < firstRow + rows; row++)
            {
                var target = to.Row(row);
                for (var column = 0; column < target.Length; column++)
                    target[column] = source[column * from.Columns + row];
            }
        }
    }
}
