using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Brickwork.Cli.Benchmarks;

/// <summary>One instruction that multiplies and adds: T is its register.</summary>
interface IMultiplication<T>
{
    /// <summary>Multiplications and additions that count as such: two for each pair of numbers.</summary>
    static abstract int Operations { get; }

    static abstract T Start { get; }

    /// <summary>The next value, which depends on the last, so that no compiler can do it once for all.</summary>
    static abstract T Next(T value);

    static abstract long Bits(T value);
}

/// <summary>y = y·x + x in F32, in the widest registers.</summary>
readonly struct FusedFloats512 : IMultiplication<Vector512<float>>
{
    public static int Operations => 2 * Vector512<float>.Count;

    public static Vector512<float> Start => Vector512.Create(0.999f);

    public static Vector512<float> Next(Vector512<float> value) => Vector512.FusedMultiplyAdd(value, Start, Start);

    public static long Bits(Vector512<float> value) => (long)Vector512.Sum(value);
}

/// <summary>The same in the registers that processors without AVX-512 have; two of the smaller ones elsewhere.</summary>
readonly struct FusedFloats256 : IMultiplication<Vector256<float>>
{
    public static int Operations => 2 * Vector256<float>.Count;

    public static Vector256<float> Start => Vector256.Create(0.999f);

    public static Vector256<float> Next(Vector256<float> value) => Vector256.FusedMultiplyAdd(value, Start, Start);

    public static long Bits(Vector256<float> value) => (long)Vector256.Sum(value);
}

/// <summary>Four byte products added to each 32-bit sum (VNNI).</summary>
readonly struct ByteQuads256 : IMultiplication<Vector256<int>>
{
    public static int Operations => 2 * Vector256<byte>.Count;

    public static Vector256<int> Start => Vector256<int>.One;

    public static Vector256<int> Next(Vector256<int> value) => AvxVnni.MultiplyWideningAndAdd(value, Vector256.Create((byte)3), Vector256<sbyte>.One);

    public static long Bits(Vector256<int> value) => Vector256.Sum(value);
}

/// <summary>Two byte products in each 16-bit sum: what 4-bit weights need before anything is widened.</summary>
readonly struct BytePairs512 : IMultiplication<Vector512<short>>
{
    public static int Operations => 2 * Vector512<byte>.Count;

    public static Vector512<short> Start => Vector512<short>.One;

    public static Vector512<short> Next(Vector512<short> value) => Avx512BW.MultiplyAddAdjacent(value.AsByte(), Vector512<sbyte>.One);

    public static long Bits(Vector512<short> value) => Vector512.Sum(value);
}

/// <summary>The same in AVX2 registers.</summary>
readonly struct BytePairs256 : IMultiplication<Vector256<short>>
{
    public static int Operations => 2 * Vector256<byte>.Count;

    public static Vector256<short> Start => Vector256<short>.One;

    public static Vector256<short> Next(Vector256<short> value) => Avx2.MultiplyAddAdjacent(value.AsByte(), Vector256<sbyte>.One);

    public static long Bits(Vector256<short> value) => Vector256.Sum(value);
}
