namespace Brickwork.Kernels.Elementwise;

static partial class ElementwiseKernel
{
    /// <summary>(y, z) += f(a, b, c) on the vectors of a path other than the reference; an empty y or z is not wanted.</summary>
    public static void Accumulate<TOperation>(
        InstructionSet path, TOperation operation, ReadOnlySpan<float> a, ReadOnlySpan<float> b, ReadOnlySpan<float> c, Span<float> y, Span<float> z)
        where TOperation : struct, IAccumulation
    {
        if (path == InstructionSet.Avx512)
            LaneLoop.Accumulate<Lanes512, TOperation>(operation, a, b, c, y, z);
        else if (path == InstructionSet.Avx2)
            LaneLoop.Accumulate<Lanes256, TOperation>(operation, a, b, c, y, z);
        else
            LaneLoop.Accumulate<Lanes128, TOperation>(operation, a, b, c, y, z);
    }

    /// <summary>The sums over three rows on the vectors of a path other than the reference.</summary>
    public static (float Y, float Z) Sums<TOperation>(
        InstructionSet path, TOperation operation, ReadOnlySpan<float> a, ReadOnlySpan<float> b, ReadOnlySpan<float> c)
        where TOperation : struct, IAccumulation => path switch
        {
            InstructionSet.Avx512 => LaneLoop.Sums<Lanes512, TOperation>(operation, a, b, c),
            InstructionSet.Avx2 => LaneLoop.Sums<Lanes256, TOperation>(operation, a, b, c),
            _ => LaneLoop.Sums<Lanes128, TOperation>(operation, a, b, c),
        };
}
