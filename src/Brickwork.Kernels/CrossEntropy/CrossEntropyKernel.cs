using System.Runtime.CompilerServices;
using Brickwork.Kernels.Elementwise;
using Brickwork.Kernels.Softmax;

namespace Brickwork.Kernels.CrossEntropy;

/// <summary>−ln of the share that softmax gives to the target, one row, in nats.</summary>
static partial class CrossEntropyKernel
{
    /// <summary>The loss; the logits stay.</summary>
    /// <param name="path">The kernel path.</param>
    /// <param name="logits">[V].</param>
    /// <param name="target">0 … V−1.</param>
    public static double Run(InstructionSet path, ReadOnlySpan<float> logits, int target)
    {
        RequireTarget(logits.Length, target);
        if (path == InstructionSet.Reference)
            return RunReference(logits, target);
        var largest = Largest(path, logits);
        return Math.Log(SumOfExponentials(path, logits, largest, 1)) + ((double)largest - logits[target]);
    }

    /// <summary>The loss; the logits become its gradient times <paramref name="scale"/>: (softmax − target) · scale.</summary>
    public static double Backward(InstructionSet path, Span<float> logits, int target, float scale)
    {
        RequireTarget(logits.Length, target);
        if (path == InstructionSet.Reference)
            return BackwardReference(logits, target, scale);
        var largest = Largest(path, logits);
        var distance = (double)largest - logits[target];
        var sum = path switch
        {
            InstructionSet.Avx512 => SoftmaxKernel.Exponentials<Lanes512>(logits, largest, logits),
            InstructionSet.Avx2 => SoftmaxKernel.Exponentials<Lanes256>(logits, largest, logits),
            _ => SoftmaxKernel.Exponentials<Lanes128>(logits, largest, logits),
        };
        ElementwiseKernel.Scale(path, logits, scale / sum, logits);
        logits[target] -= scale;
        return Math.Log(sum) + distance;
    }

    /// <summary>The largest value of a row, on a path other than the reference.</summary>
    internal static float Largest(InstructionSet path, ReadOnlySpan<float> row) => path switch
    {
        InstructionSet.Avx512 => SoftmaxKernel.Largest<Lanes512>(row),
        InstructionSet.Avx2 => SoftmaxKernel.Largest<Lanes256>(row),
        _ => SoftmaxKernel.Largest<Lanes128>(row),
    };

    /// <summary>Σ e^((x − largest) · factor), on a path other than the reference.</summary>
    internal static float SumOfExponentials(InstructionSet path, ReadOnlySpan<float> row, float largest, float factor) =>
        ElementwiseKernel.Sums(path, new Exponentials(largest, factor), row, row, row, float.NegativeInfinity).Y;

    static void RequireTarget(int vocabulary, int target)
    {
        if ((uint)target >= (uint)vocabulary)
            throw new ArgumentOutOfRangeException(nameof(target), target, $"A target is a column of the {vocabulary} logits.");
    }

    readonly struct Exponentials(float largest, float factor) : IAccumulation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply<T>(T x, T same, T again, ref T sum, ref T none) where T : struct, ILanes<T> =>
            sum += LaneMath.Exp((x - T.Broadcast(largest)) * T.Broadcast(factor));
    }
}
