using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Brickwork.Kernels.Elementwise;

namespace Brickwork.Kernels.Softmax;

/// <summary>y = e^(x − max x) / Σ e^(x − max x), one row. x and y may be the same memory.</summary>
static partial class SoftmaxKernel
{
    public static void Run(InstructionSet path, ReadOnlySpan<float> x, Span<float> y)
    {
        if (y.Length != x.Length)
            throw new ArgumentException($"Rows differ in length: x {x.Length}, y {y.Length}.", nameof(y));
        if (x.IsEmpty)
            return;
        switch (path)
        {
            case InstructionSet.Reference: RunReference(x, y); break;
            case InstructionSet.Avx512: RunLanes<Lanes512>(path, x, y); break;
            case InstructionSet.Avx2: RunLanes<Lanes256>(path, x, y); break;
            default: RunLanes<Lanes128>(path, x, y); break;
        }
    }

    static void RunLanes<T>(InstructionSet path, ReadOnlySpan<float> x, Span<float> y) where T : struct, ILanes<T>
    {
        var sum = Exponentials<T>(x, Largest<T>(x), y);
        ElementwiseKernel.Scale(path, y, 1 / sum, y);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static float Largest<T>(ReadOnlySpan<float> x) where T : struct, ILanes<T>
    {
        var largest = T.Broadcast(float.NegativeInfinity);
        var whole = x.Length - x.Length % T.Count;
        for (var i = 0; i < whole; i += T.Count)
            largest = T.Max(T.Load(ref MemoryMarshal.GetReference(x), (nuint)i), largest);
        if (whole < x.Length)
            largest = T.Max(LaneLoop.LoadTail<T>(x[whole..], float.NegativeInfinity), largest);
        return T.Largest(largest);
    }

    /// <summary>y = e^(x − largest); returns the sum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static float Exponentials<T>(ReadOnlySpan<float> x, float largest, Span<float> y) where T : struct, ILanes<T>
    {
        ref var target = ref MemoryMarshal.GetReference(y);
        var sum = T.Broadcast(0);
        var whole = x.Length - x.Length % T.Count;
        for (var i = 0; i < whole; i += T.Count)
        {
            var power = LaneMath.Exp(T.Load(ref MemoryMarshal.GetReference(x), (nuint)i) - T.Broadcast(largest));
            T.Store(power, ref target, (nuint)i);
            sum += power;
        }
        if (whole < x.Length)
        {
            var power = LaneMath.Exp(LaneLoop.LoadTail<T>(x[whole..], float.NegativeInfinity) - T.Broadcast(largest));
            LaneLoop.StoreTail(power, y[whole..]);
            sum += power;
        }
        return T.Sum(sum);
    }
}
