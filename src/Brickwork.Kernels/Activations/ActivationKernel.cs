using Brickwork.Kernels.Elementwise;

namespace Brickwork.Kernels.Activations;

/// <summary>y = f(gate) or f(gate) · up, one row. y may be the memory of gate or up.</summary>
static partial class ActivationKernel
{
    /// <summary>The slope inside the quick GELU and the clamped SwiGLU.</summary>
    const float QuickSlope = 1.702f;

    /// <param name="path">The kernel path.</param>
    /// <param name="kind">The function.</param>
    /// <param name="gate">[N].</param>
    /// <param name="up">[N], or empty for 1.</param>
    /// <param name="limit">Where <see cref="ActivationKind.ClampedSwiGlu"/> cuts off.</param>
    /// <param name="y">[N].</param>
    public static void Run(
        InstructionSet path, ActivationKind kind, ReadOnlySpan<float> gate, ReadOnlySpan<float> up, float limit, Span<float> y)
    {
        if (y.Length != gate.Length || (up.Length != gate.Length && up.Length != 0))
            throw new ArgumentException($"Rows differ in length: gate {gate.Length}, up {up.Length}, y {y.Length}.", nameof(y));
        if (kind == ActivationKind.ClampedSwiGlu && up.IsEmpty)
            throw new ArgumentException("The clamped SwiGLU needs a second row.", nameof(up));
        if (path == InstructionSet.Reference)
            RunReference(kind, gate, up, limit, y);
        else
            RunLanes(path, kind, gate, up, limit, y);
    }

    static void RunLanes(
        InstructionSet path, ActivationKind kind, ReadOnlySpan<float> gate, ReadOnlySpan<float> up, float limit, Span<float> y)
    {
        switch (kind)
        {
            case ActivationKind.Identity: Apply(path, default(Identity), gate, up, y); break;
            case ActivationKind.Silu: Apply(path, new Swish(1), gate, up, y); break;
            case ActivationKind.GeluTanh: Apply(path, default(GeluTanh), gate, up, y); break;
            case ActivationKind.GeluErf: Apply(path, default(GeluErf), gate, up, y); break;
            case ActivationKind.GeluQuick: Apply(path, new Swish(QuickSlope), gate, up, y); break;
            case ActivationKind.Relu: Apply(path, default(Relu), gate, up, y); break;
            case ActivationKind.ReluSquared: Apply(path, default(ReluSquared), gate, up, y); break;
            case ActivationKind.Sigmoid: Apply(path, default(Logistic), gate, up, y); break;
            case ActivationKind.Tanh: Apply(path, default(HyperbolicTangent), gate, up, y); break;
            case ActivationKind.Exp: Apply(path, default(Exponential), gate, up, y); break;
            case ActivationKind.ClampedSwiGlu: ElementwiseKernel.Zip(path, new ClampedSwiGlu(limit), gate, up, y); break;
            default: RunReference(kind, gate, up, limit, y); break;
        }
    }

    static void Apply<TOperation>(
        InstructionSet path, TOperation operation, ReadOnlySpan<float> gate, ReadOnlySpan<float> up, Span<float> y)
        where TOperation : struct, IUnaryOperation
    {
        if (up.IsEmpty)
            ElementwiseKernel.Map(path, operation, gate, y);
        else
            ElementwiseKernel.Zip(path, new Gated<TOperation>(operation), gate, up, y);
    }
}
