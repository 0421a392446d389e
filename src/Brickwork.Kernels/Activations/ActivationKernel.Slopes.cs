using System.Runtime.CompilerServices;
using Brickwork.Kernels.Elementwise;

namespace Brickwork.Kernels.Activations;

static partial class ActivationKernel
{
    readonly struct IdentitySlope : ISlope
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply<T>(T x, out T value, out T slope) where T : struct, ILanes<T> => (value, slope) = (x, T.Broadcast(1));
    }

    readonly struct SwishSlope(float steepness) : ISlope
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply<T>(T x, out T value, out T slope) where T : struct, ILanes<T>
        {
            var one = T.Broadcast(1);
            var share = one / (one + LaneMath.Exp(x * T.Broadcast(-steepness)));
            value = x * share;
            slope = T.MultiplyAdd(value * (one - share), T.Broadcast(steepness), share);
        }
    }

    readonly struct GeluTanhSlope : ISlope
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply<T>(T x, out T value, out T slope) where T : struct, ILanes<T>
        {
            var one = T.Broadcast(1);
            // Beyond ± 20 the share is 0 or 1 to the last bit, and the square of a huge value must not become infinite.
            var near = T.Max(T.Broadcast(-20), T.Min(T.Broadcast(20), x));
            var square = near * near;
            var cubic = T.MultiplyAdd(square, T.Broadcast(0.044715f), one);
            var share = one / (one + LaneMath.Exp(near * cubic * T.Broadcast(-1.59576912f)));
            var steepness = T.MultiplyAdd(square, T.Broadcast(0.134145f), one) * T.Broadcast(1.59576912f);
            value = x * share;
            slope = T.MultiplyAdd(near * share * steepness, one - share, share);
        }
    }

    readonly struct GeluErfSlope : ISlope
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply<T>(T x, out T value, out T slope) where T : struct, ILanes<T>
        {
            var tail = LaneMath.ErrorComplement(T.Abs(x) * T.Broadcast(0.707106781f)) * T.Broadcast(0.5f);
            var share = T.SelectLess(x, T.Broadcast(0), tail, T.Broadcast(1) - tail);
            var density = LaneMath.Exp(x * x * T.Broadcast(-0.5f)) * T.Broadcast(0.398942280f);
            value = x * share;
            slope = T.MultiplyAdd(x, density, share);
        }
    }

    readonly struct ReluSlope : ISlope
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply<T>(T x, out T value, out T slope) where T : struct, ILanes<T>
        {
            value = T.Max(T.Broadcast(0), x);
            slope = T.SelectLess(T.Broadcast(0), x, T.Broadcast(1), T.Broadcast(0));
        }
    }

    readonly struct ReluSquaredSlope : ISlope
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply<T>(T x, out T value, out T slope) where T : struct, ILanes<T>
        {
            var positive = T.Max(T.Broadcast(0), x);
            value = positive * positive;
            slope = positive + positive;
        }
    }

    readonly struct LogisticSlope : ISlope
    {
        // e^−|x| / (1 + e^−|x|)² has no cancellation on either side.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply<T>(T x, out T value, out T slope) where T : struct, ILanes<T>
        {
            var power = LaneMath.Exp(T.Broadcast(0) - T.Abs(x));
            var larger = T.Broadcast(1) / (T.Broadcast(1) + power);
            var smaller = power * larger;
            value = T.SelectLess(x, T.Broadcast(0), smaller, larger);
            slope = smaller * larger;
        }
    }

    readonly struct HyperbolicTangentSlope : ISlope
    {
        // 1 − tanh² x = 4 σ′(2x), again without cancellation.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply<T>(T x, out T value, out T slope) where T : struct, ILanes<T>
        {
            default(LogisticSlope).Apply(x + x, out _, out var quarter);
            value = LaneMath.Tanh(x);
            slope = quarter * T.Broadcast(4);
        }
    }

    readonly struct ExponentialSlope : ISlope
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply<T>(T x, out T value, out T slope) where T : struct, ILanes<T> => value = slope = LaneMath.Exp(x);
    }

    /// <summary>Where a row is cut off its gradient is zero.</summary>
    readonly struct ClampedSlopes(float limit) : IAccumulation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply<T>(T gate, T up, T dy, ref T dGate, ref T dUp) where T : struct, ILanes<T>
        {
            var (zero, most) = (T.Broadcast(0), T.Broadcast(limit));
            new SwishSlope(QuickSlope).Apply(T.Min(most, gate), out var value, out var slope);
            var cut = T.Max(T.Broadcast(-limit), T.Min(most, up));
            dGate += T.SelectLess(most, gate, zero, dy * (cut + T.Broadcast(1)) * slope);
            dUp += T.SelectLess(most, T.Abs(up), zero, dy * value);
        }
    }
}
