using System.Runtime.CompilerServices;
using Brickwork.Kernels.Elementwise;

namespace Brickwork.Kernels.Activations;

static partial class ActivationKernel
{
    readonly struct Gated<TOperation>(TOperation operation) : IBinaryOperation where TOperation : struct, IUnaryOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T a, T b) where T : struct, ILanes<T> => operation.Apply(a) * b;
    }

    readonly struct Identity : IUnaryOperation
    {
        public T Apply<T>(T x) where T : struct, ILanes<T> => x;
    }

    readonly struct Swish(float slope) : IUnaryOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T x) where T : struct, ILanes<T> =>
            x / (T.Broadcast(1) + LaneMath.Exp(x * T.Broadcast(-slope)));
    }

    readonly struct GeluTanh : IUnaryOperation
    {
        // (1 + tanh u) / 2 = σ(2u) has no cancellation for negative x.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T x) where T : struct, ILanes<T>
        {
            var cubic = T.MultiplyAdd(x * x, T.Broadcast(0.044715f), T.Broadcast(1));
            return x / (T.Broadcast(1) + LaneMath.Exp(x * cubic * T.Broadcast(-1.59576912f)));
        }
    }

    readonly struct GeluErf : IUnaryOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T x) where T : struct, ILanes<T>
        {
            var tail = LaneMath.ErrorComplement(T.Abs(x) * T.Broadcast(0.707106781f)) * T.Broadcast(0.5f);
            return x * T.SelectLess(x, T.Broadcast(0), tail, T.Broadcast(1) - tail);
        }
    }

    readonly struct Relu : IUnaryOperation
    {
        public T Apply<T>(T x) where T : struct, ILanes<T> => T.Max(T.Broadcast(0), x);
    }

    readonly struct ReluSquared : IUnaryOperation
    {
        public T Apply<T>(T x) where T : struct, ILanes<T> => T.Max(T.Broadcast(0), x) * T.Max(T.Broadcast(0), x);
    }

    readonly struct Logistic : IUnaryOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T x) where T : struct, ILanes<T> => LaneMath.Sigmoid(x);
    }

    readonly struct HyperbolicTangent : IUnaryOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T x) where T : struct, ILanes<T> => LaneMath.Tanh(x);
    }

    readonly struct Exponential : IUnaryOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T x) where T : struct, ILanes<T> => LaneMath.Exp(x);
    }

    readonly struct ClampedSwiGlu(float limit) : IBinaryOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T a, T b) where T : struct, ILanes<T>
        {
            var gate = T.Min(T.Broadcast(limit), a);
            var up = T.Max(T.Broadcast(-limit), T.Min(T.Broadcast(limit), b));
            return gate / (T.Broadcast(1) + LaneMath.Exp(gate * T.Broadcast(-QuickSlope))) * (up + T.Broadcast(1));
        }
    }
}
