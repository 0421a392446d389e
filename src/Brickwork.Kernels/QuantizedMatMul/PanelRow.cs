using Brickwork.Kernels.MatMul;

namespace Brickwork.Kernels.QuantizedMatMul;

/// <summary>Panel of 16 rows times one row of inputs.</summary>
/// <remarks>
/// A sum takes blocks of 32 columns in order. For each, the whole numbers are multiplied and added exactly; then
/// sum = fma(dot, scale · inputScale, sum), and where there is an offset sum = fma(offset, inputScale · inputSum, sum).
/// Every path and every size of batch keeps this order, so all of them give the same bits.
/// </remarks>
static partial class PanelRow<TFormat> where TFormat : struct, IPanelFormat
{
    /// <summary>sums[t, r] = Σ_k weights[r, k] · inputs[t, k] for the 16 rows of a panel and up to four tokens.</summary>
    /// <param name="path">The kernel to use.</param>
    /// <param name="panel">Laid out as <see cref="PanelLayout{TFormat}"/> says.</param>
    /// <param name="inputs">Rows of <see cref="ActivationBlocks"/>.</param>
    /// <param name="tokens">How many of the inputs are wanted, 1 … 4.</param>
    /// <param name="sums">Sum of token t and row r at t · <paramref name="stride"/> + r.</param>
    /// <param name="stride">At least 16.</param>
    public static void Run(InstructionSet path, ReadOnlySpan<byte> panel, in FourInputs inputs, int tokens, Span<float> sums, int stride)
    {
        var scales = panel.Length / PanelLayout<TFormat>.ScaleBytes;
        var inputBytes = ActivationBlocks.RowBytes(scales * PanelLayout<TFormat>.ScaleLength);
        ArgumentOutOfRangeException.ThrowIfLessThan(inputs.Shortest, inputBytes, nameof(inputs));
        ArgumentOutOfRangeException.ThrowIfLessThan(sums.Length, (tokens - 1) * stride + PanelLayout<TFormat>.Rows, nameof(sums));
        if (path == InstructionSet.Avx512)
            RunAvx512(panel, inputs, tokens, scales, sums, stride);
        else
            for (var token = 0; token < tokens; token++)
                RunOne(path, panel, inputs[token], scales, sums[(token * stride)..]);
    }

    static void RunOne(InstructionSet path, ReadOnlySpan<byte> panel, ReadOnlySpan<byte> inputs, int scales, Span<float> sums)
    {
        if (path == InstructionSet.Avx2)
            RunAvx2(panel, inputs, scales, sums);
        else
            RunReference(panel, inputs, scales, sums);
    }

    static void RunAvx512(ReadOnlySpan<byte> panel, in FourInputs inputs, int tokens, int scales, Span<float> sums, int stride)
    {
        switch (tokens)
        {
            case 1: RunAvx512<OneToken>(panel, inputs, scales, sums, stride); break;
            case 2: RunAvx512<TwoTokens>(panel, inputs, scales, sums, stride); break;
            case 3: RunThreeAvx512(panel, inputs, scales, sums, stride); break;
            default: RunAvx512<FourTokens>(panel, inputs, scales, sums, stride); break;
        }
    }

    static void RunThreeAvx512(ReadOnlySpan<byte> panel, in FourInputs inputs, int scales, Span<float> sums, int stride)
    {
        Span<float> all = stackalloc float[4 * PanelLayout<TFormat>.Rows];
        RunAvx512<FourTokens>(panel, inputs, scales, all, PanelLayout<TFormat>.Rows);
        for (var token = 0; token < 3; token++)
            all.Slice(token * PanelLayout<TFormat>.Rows, PanelLayout<TFormat>.Rows).CopyTo(sums[(token * stride)..]);
    }
}
