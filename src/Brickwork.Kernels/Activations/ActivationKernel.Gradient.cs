using System.Runtime.CompilerServices;
using Brickwork.Kernels.Elementwise;

namespace Brickwork.Kernels.Activations;

static partial class ActivationKernel
{
    /// <summary>Adds to the gradients of gate and up, one row: dGate += dy · up · f′(gate) and dUp += dy · f(gate).</summary>
    /// <param name="path">The kernel path.</param>
    /// <param name="kind">The function.</param>
    /// <param name="gate">[N], as it was before.</param>
    /// <param name="up">[N], as it was before, or empty for 1.</param>
    /// <param name="limit">Where <see cref="ActivationKind.ClampedSwiGlu"/> cuts off.</param>
    /// <param name="dy">[N].</param>
    /// <param name="dGate">[N], or empty where it is not wanted.</param>
    /// <param name="dUp">[N], or empty where it is not wanted.</param>
    public static void Backward(
        InstructionSet path, ActivationKind kind, ReadOnlySpan<float> gate, ReadOnlySpan<float> up, float limit, ReadOnlySpan<float> dy,
        Span<float> dGate, Span<float> dUp)
    {
        if (dy.Length != gate.Length || (up.Length != gate.Length && up.Length != 0))
            throw new ArgumentException($"Rows differ in length: gate {gate.Length}, up {up.Length}, dy {dy.Length}.", nameof(dy));
        if ((dGate.Length != gate.Length && dGate.Length != 0) || (dUp.Length != gate.Length && dUp.Length != 0))
            throw new ArgumentException($"A row of {gate.Length} values has gradients of {dGate.Length} and {dUp.Length}.", nameof(dGate));
        if (up.IsEmpty && (kind == ActivationKind.ClampedSwiGlu || !dUp.IsEmpty))
            throw new ArgumentException("A second row is missing.", nameof(up));
        if (path == InstructionSet.Reference)
            BackwardReference(kind, gate, up, limit, dy, dGate, dUp);
        else
            BackwardLanes(path, kind, gate, up, limit, dy, dGate, dUp);
    }

    static void BackwardLanes(
        InstructionSet path, ActivationKind kind, ReadOnlySpan<float> gate, ReadOnlySpan<float> up, float limit, ReadOnlySpan<float> dy,
        Span<float> dGate, Span<float> dUp)
    {
        switch (kind)
        {
            case ActivationKind.Identity: Add(path, default(IdentitySlope), gate, up, dy, dGate, dUp); break;
            case ActivationKind.Silu: Add(path, new SwishSlope(1), gate, up, dy, dGate, dUp); break;
            case ActivationKind.GeluTanh: Add(path, default(GeluTanhSlope), gate, up, dy, dGate, dUp); break;
            case ActivationKind.GeluErf: Add(path, default(GeluErfSlope), gate, up, dy, dGate, dUp); break;
            case ActivationKind.GeluQuick: Add(path, new SwishSlope(QuickSlope), gate, up, dy, dGate, dUp); break;
            case ActivationKind.Relu: Add(path, default(ReluSlope), gate, up, dy, dGate, dUp); break;
            case ActivationKind.ReluSquared: Add(path, default(ReluSquaredSlope), gate, up, dy, dGate, dUp); break;
            case ActivationKind.Sigmoid: Add(path, default(LogisticSlope), gate, up, dy, dGate, dUp); break;
            case ActivationKind.Tanh: Add(path, default(HyperbolicTangentSlope), gate, up, dy, dGate, dUp); break;
            case ActivationKind.Exp: Add(path, default(ExponentialSlope), gate, up, dy, dGate, dUp); break;
            case ActivationKind.ClampedSwiGlu:
                ElementwiseKernel.Accumulate(path, new ClampedSlopes(limit), gate, up, dy, dGate, dUp);
                break;
            default: BackwardReference(kind, gate, up, limit, dy, dGate, dUp); break;
        }
    }

    static void Add<TSlope>(
        InstructionSet path, TSlope slope, ReadOnlySpan<float> gate, ReadOnlySpan<float> up, ReadOnlySpan<float> dy,
        Span<float> dGate, Span<float> dUp) where TSlope : struct, ISlope
    {
        if (up.IsEmpty)
            ElementwiseKernel.Accumulate(path, new PlainSlopes<TSlope>(slope), gate, gate, dy, dGate, default);
        else
            ElementwiseKernel.Accumulate(path, new GatedSlopes<TSlope>(slope), gate, up, dy, dGate, dUp);
    }

    /// <summary>f(x) and f′(x).</summary>
    interface ISlope
    {
        void Apply<T>(T x, out T value, out T slope) where T : struct, ILanes<T>;
    }

    readonly struct PlainSlopes<TSlope>(TSlope operation) : IAccumulation where TSlope : struct, ISlope
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply<T>(T gate, T unused, T dy, ref T dGate, ref T none) where T : struct, ILanes<T>
        {
            operation.Apply(gate, out _, out var slope);
            dGate = T.MultiplyAdd(dy, slope, dGate);
        }
    }

    readonly struct GatedSlopes<TSlope>(TSlope operation) : IAccumulation where TSlope : struct, ISlope
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply<T>(T gate, T up, T dy, ref T dGate, ref T dUp) where T : struct, ILanes<T>
        {
            operation.Apply(gate, out var value, out var slope);
            dGate = T.MultiplyAdd(dy * up, slope, dGate);
            dUp = T.MultiplyAdd(dy, value, dUp);
        }
    }
}
