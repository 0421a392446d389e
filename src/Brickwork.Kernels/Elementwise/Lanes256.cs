using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Brickwork.Kernels.Elementwise;

/// <summary>Eight floats: AVX2 with FMA.</summary>
readonly struct Lanes256(Vector256<float> value) : ILanes<Lanes256>
{
    readonly Vector256<float> _value = value;

    public static int Count => 8;

    public static Lanes256 Ramp => new(Vector256.CreateSequence(0f, 1f));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Broadcast(float value) => new(Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Load(ref readonly float source, nuint offset) => new(Vector256.LoadUnsafe(in source, offset));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Load(ref readonly ushort source, nuint offset)
    {
        var bits = Avx2.ConvertToVector256Int32(Vector128.LoadUnsafe(in source, offset)).AsUInt32();
        // Moving exponent and mantissa into place leaves the exponent 112 too small; multiplying also repairs subnormal halves.
        var magnitude = (bits & Vector256.Create(0x7FFFu)) << 13;
        var finite = magnitude.AsSingle() * Vector256.Create(5.192296858534828e33f);
        var special = (magnitude | Vector256.Create(0x7F800000u)).AsSingle();
        var isFinite = Vector256.LessThan(magnitude, Vector256.Create(0x0F800000u)).AsSingle();
        var sign = (bits & Vector256.Create(0x8000u)) << 16;
        return new((Vector256.ConditionalSelect(isFinite, finite, special).AsUInt32() | sign).AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Load(ref readonly sbyte source, nuint offset)
    {
        var bytes = Vector64.LoadUnsafe(in source, offset).ToVector128();
        return new(Vector256.ConvertToSingle(Avx2.ConvertToVector256Int32(bytes)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes256 value, ref float target, nuint offset) => value._value.StoreUnsafe(ref target, offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator +(Lanes256 left, Lanes256 right) => new(left._value + right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator -(Lanes256 left, Lanes256 right) => new(left._value - right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator *(Lanes256 left, Lanes256 right) => new(left._value * right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator /(Lanes256 left, Lanes256 right) => new(left._value / right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 MultiplyAdd(Lanes256 left, Lanes256 right, Lanes256 addend) =>
        new(Vector256.FusedMultiplyAdd(left._value, right._value, addend._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Min(Lanes256 bound, Lanes256 value) =>
        new(Vector256.ConditionalSelect(Vector256.GreaterThan(value._value, bound._value), bound._value, value._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Max(Lanes256 bound, Lanes256 value) =>
        new(Vector256.ConditionalSelect(Vector256.LessThan(value._value, bound._value), bound._value, value._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Abs(Lanes256 value) => new(Vector256.Abs(value._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Sqrt(Lanes256 value) => new(Vector256.Sqrt(value._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 WithSign(Lanes256 value, Lanes256 sign) =>
        new(value._value | (sign._value & Vector256.Create(-0f)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Round(Lanes256 value) => new(Vector256.Round(value._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Scale(Lanes256 value, Lanes256 exponent)
    {
        // Two factors, because 2^exponent alone may be no normal number.
        var whole = Vector256.ConvertToInt32Native(exponent._value);
        var half = whole >> 1;
        var bias = Vector256.Create(127);
        var first = ((half + bias) << 23).AsSingle();
        var second = ((whole - half + bias) << 23).AsSingle();
        return new(value._value * first * second);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 SelectLess(Lanes256 left, Lanes256 right, Lanes256 whenTrue, Lanes256 whenFalse) =>
        new(Vector256.ConditionalSelect(Vector256.LessThan(left._value, right._value), whenTrue._value, whenFalse._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 SwapPairs(Lanes256 value) =>
        new(Vector256.Shuffle(value._value, Vector256.Create(1, 0, 3, 2, 5, 4, 7, 6)));

    public static float Sum(Lanes256 value) => Lanes128.Sum(new(value._value.GetLower() + value._value.GetUpper()));

    public static float Largest(Lanes256 value) =>
        Lanes128.Largest(new(Vector128.Max(value._value.GetLower(), value._value.GetUpper())));
}
