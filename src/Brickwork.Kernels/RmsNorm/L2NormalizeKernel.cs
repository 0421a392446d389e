using Brickwork.Kernels.Elementwise;

namespace Brickwork.Kernels.RmsNorm;

/// <summary>y = x / max(‖x‖, ε), one row. x and y may be the same memory.</summary>
static partial class L2NormalizeKernel
{
    public static void Run(InstructionSet path, ReadOnlySpan<float> x, float epsilon, Span<float> y) =>
        ElementwiseKernel.Scale(path, x, 1 / MathF.Max(Length(path, x), epsilon), y);

    /// <summary>‖x‖.</summary>
    public static float Length(InstructionSet path, ReadOnlySpan<float> x) => path switch
    {
        InstructionSet.Reference => LengthReference(x),
        InstructionSet.Avx512 => MathF.Sqrt(RmsNormKernel.SumOfSquares<Lanes512>(x)),
        InstructionSet.Avx2 => MathF.Sqrt(RmsNormKernel.SumOfSquares<Lanes256>(x)),
        _ => MathF.Sqrt(RmsNormKernel.SumOfSquares<Lanes128>(x)),
    };

    static float LengthReference(ReadOnlySpan<float> x)
    {
        var sumOfSquares = 0.0;
        foreach (var value in x)
            sumOfSquares += (double)value * value;
        return (float)Math.Sqrt(sumOfSquares);
    }
}
