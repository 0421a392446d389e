using System.Runtime.CompilerServices;

namespace Brickwork.Kernels.Elementwise;

/// <summary>Functions of a vector of floats, within about two units in the last place.</summary>
static class LaneMath
{
    /// <summary>e^x by range reduction to ±ln 2 / 2 and a polynomial of degree 6.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Exp<T>(T x) where T : struct, ILanes<T>
    {
        // Beyond these bounds the result is 0 or infinity anyway, and the exponent would leave the range of Scale.
        x = T.Max(T.Broadcast(-104f), T.Min(T.Broadcast(89f), x));
        var exponent = T.Round(x * T.Broadcast(1.44269504f));
        var rest = T.MultiplyAdd(exponent, T.Broadcast(-0.693145752f), x);
        rest = T.MultiplyAdd(exponent, T.Broadcast(-1.42860677e-6f), rest);

        var tail = T.Broadcast(0.00139262504f);
        tail = T.MultiplyAdd(tail, rest, T.Broadcast(0.00836323295f));
        tail = T.MultiplyAdd(tail, rest, T.Broadcast(0.0416665524f));
        tail = T.MultiplyAdd(tail, rest, T.Broadcast(0.166665763f));
        tail = T.MultiplyAdd(tail, rest, T.Broadcast(0.5f));
        var one = T.Broadcast(1);
        return T.Scale(T.MultiplyAdd(T.MultiplyAdd(tail, rest, one), rest, one), exponent);
    }

    /// <summary>1 / (1 + e^−x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Sigmoid<T>(T x) where T : struct, ILanes<T> => T.Broadcast(1) / (T.Broadcast(1) + Exp(T.Broadcast(0) - x));

    /// <summary>tanh x: an odd polynomial near zero, 1 − 2 / (e^2x + 1) elsewhere.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Tanh<T>(T x) where T : struct, ILanes<T>
    {
        var magnitude = T.Abs(x);
        var square = x * x;
        var series = T.Broadcast(-0.00610017078f);
        series = T.MultiplyAdd(series, square, T.Broadcast(0.0209995527f));
        series = T.MultiplyAdd(series, square, T.Broadcast(-0.0538514107f));
        series = T.MultiplyAdd(series, square, T.Broadcast(0.133327737f));
        series = T.MultiplyAdd(series, square, T.Broadcast(-0.333333284f));
        var near = T.MultiplyAdd(series * square, x, x);

        var one = T.Broadcast(1);
        var far = T.WithSign(one - T.Broadcast(2) / (Exp(magnitude + magnitude) + one), x);
        return T.SelectLess(magnitude, T.Broadcast(0.62f), near, far);
    }

    /// <summary>1 − erf x for x ≥ 0, by e^(−x²) · t · polynomial(t) with t = 1 / (1 + x/2).</summary>
    /// <remarks>The polynomial of degree 8 interpolates erfc(x) · e^(x²) / t at Chebyshev points, to 7e-8.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T ErrorComplement<T>(T x) where T : struct, ILanes<T>
    {
        var t = T.Broadcast(1) / T.MultiplyAdd(x, T.Broadcast(0.5f), T.Broadcast(1));
        var sum = T.Broadcast(-0.0607226267f);
        sum = T.MultiplyAdd(sum, t, T.Broadcast(0.292353123f));
        sum = T.MultiplyAdd(sum, t, T.Broadcast(-0.502608776f));
        sum = T.MultiplyAdd(sum, t, T.Broadcast(0.294776917f));
        sum = T.MultiplyAdd(sum, t, T.Broadcast(-0.0374148898f));
        sum = T.MultiplyAdd(sum, t, T.Broadcast(0.206909075f));
        sum = T.MultiplyAdd(sum, t, T.Broadcast(0.242131621f));
        sum = T.MultiplyAdd(sum, t, T.Broadcast(0.282495111f));
        sum = T.MultiplyAdd(sum, t, T.Broadcast(0.282080382f));
        return sum * t * Exp(T.Broadcast(0) - x * x);
    }
}
