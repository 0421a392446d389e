namespace Brickwork.Kernels.Elementwise;

/// <summary>A vector of floats of some width, so that one kernel body serves every instruction set.</summary>
/// <remarks>Every operation rounds once and lane by lane: a value does not depend on the lane it sits in.</remarks>
interface ILanes<TSelf> : ILaneSums<TSelf> where TSelf : struct, ILanes<TSelf>
{
    /// <summary>0, 1, 2 …</summary>
    static abstract TSelf Ramp { get; }

    /// <summary>Half-precision values, widened; infinities and NaN stay what they are.</summary>
    static abstract TSelf Load(ref readonly ushort source, nuint offset);

    static abstract TSelf Load(ref readonly sbyte source, nuint offset);

    static abstract TSelf operator +(TSelf left, TSelf right);

    static abstract TSelf operator -(TSelf left, TSelf right);

    static abstract TSelf operator *(TSelf left, TSelf right);

    static abstract TSelf operator /(TSelf left, TSelf right);

    /// <summary>The smaller one; a NaN in <paramref name="value"/> stays.</summary>
    static abstract TSelf Min(TSelf bound, TSelf value);

    /// <summary>The larger one; a NaN in <paramref name="value"/> stays.</summary>
    static abstract TSelf Max(TSelf bound, TSelf value);

    static abstract TSelf Abs(TSelf value);

    static abstract TSelf Sqrt(TSelf value);

    /// <summary>The sign of <paramref name="sign"/> on the magnitude of <paramref name="value"/>, which is not negative.</summary>
    static abstract TSelf WithSign(TSelf value, TSelf sign);

    /// <summary>The nearest whole number, ties to even.</summary>
    static abstract TSelf Round(TSelf value);

    /// <summary>value · 2^exponent for whole exponents from −252 to 254.</summary>
    static abstract TSelf Scale(TSelf value, TSelf exponent);

    /// <summary>Where left is less than right: <paramref name="whenTrue"/>, else <paramref name="whenFalse"/>.</summary>
    static abstract TSelf SelectLess(TSelf left, TSelf right, TSelf whenTrue, TSelf whenFalse);

    /// <summary>Neighbours swapped: 1, 0, 3, 2 …</summary>
    static abstract TSelf SwapPairs(TSelf value);

    /// <summary>The sum over the lanes, halves first.</summary>
    static abstract float Sum(TSelf value);

    static abstract float Largest(TSelf value);
}
