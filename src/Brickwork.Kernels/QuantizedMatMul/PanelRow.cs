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

    /// <summary>The same for four rows of inputs, where the weights come from far away and are best read once.</summary>
    /// <param name="path">The kernel to use.</param>
    /// <param name="panel">Laid out as <see cref="PanelLayout{TFormat}"/> says.</param>
    /// <param name="inputs">Four rows of <see cref="ActivationBlocks"/>.</param>
    /// <param name="sums">Sum of token t and row r at t · <paramref name="stride"/> + r.</param>
    /// <param name="stride">At least 16.</param>
    public static void RunFour(InstructionSet path, ReadOnlySpan<byte> panel, in FourInputs inputs, Span<float> sums, int stride)
    {
        if (path != InstructionSet.Avx512)
        {
            Run(path, panel, inputs.First, sums);
            Run(path, panel, inputs.Second, sums[stride..]);
            Run(path, panel, inputs.Third, sums[(2 * stride)..]);
            Run(path, panel, inputs.Fourth, sums[(3 * stride)..]);
            return;
        }
        var scales = panel.Length / PanelLayout<TFormat>.ScaleBytes;
        var inputBytes = ActivationBlocks.RowBytes(scales * PanelLayout<TFormat>.ScaleLength);
        ArgumentOutOfRangeException.ThrowIfLessThan(inputs.Shortest, inputBytes, nameof(inputs));
        ArgumentOutOfRangeException.ThrowIfLessThan(sums.Length, 3 * stride + PanelLayout<TFormat>.Rows, nameof(sums));
        RunFourAvx512(panel, inputs, scales, sums, stride);
    }
}
