namespace Brickwork.Kernels.QuantizedMatMul;

/// <summary>Panel of 16 rows times one row of inputs.</summary>
/// <remarks>
/// A sum takes blocks of 32 columns in order. For each, the whole numbers are multiplied and added exactly; then
/// sum = fma(dot, scale · inputScale, sum), and where there is an offset sum = fma(offset, inputScale · inputSum, sum).
/// Every path and every size of batch keeps this order, so all of them give the same bits.
/// </remarks>
static partial class PanelRow<TFormat> where TFormat : struct, IPanelFormat
{
    /// <summary>sums[r] = Σ_k weights[r, k] · inputs[k] for the 16 rows of a panel.</summary>
    /// <param name="path">The kernel to use.</param>
    /// <param name="panel">Laid out as <see cref="PanelLayout{TFormat}"/> says.</param>
    /// <param name="inputs">One row of <see cref="ActivationBlocks"/>.</param>
    /// <param name="sums">16 sums.</param>
    public static void Run(InstructionSet path, ReadOnlySpan<byte> panel, ReadOnlySpan<byte> inputs, Span<float> sums)
    {
        var scales = panel.Length / PanelLayout<TFormat>.ScaleBytes;
        var inputBytes = ActivationBlocks.RowBytes(scales * PanelLayout<TFormat>.ScaleLength);
        ArgumentOutOfRangeException.ThrowIfLessThan(inputs.Length, inputBytes, nameof(inputs));
        ArgumentOutOfRangeException.ThrowIfLessThan(sums.Length, PanelLayout<TFormat>.Rows, nameof(sums));
        switch (path)
        {
            case InstructionSet.Avx512: RunAvx512(panel, inputs, scales, sums); break;
            case InstructionSet.Avx2: RunAvx2(panel, inputs, scales, sums); break;
            default: RunReference(panel, inputs, scales, sums); break;
        }
    }
}
