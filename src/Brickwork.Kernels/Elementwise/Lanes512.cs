using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Brickwork.Kernels.Elementwise;

/// <summary>Sixteen floats: AVX-512.</summary>
readonly struct Lanes512(Vector512<float> value) : ILanes<Lanes512>
{
    readonly Vector512<float> _value = value;

    public static int Count => 16;

    public static Lanes512 Ramp => new(Vector512.CreateSequence(0f, 1f));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Broadcast(float value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Load(ref readonly float source, nuint offset) => new(Vector512.LoadUnsafe(in source, offset));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Load(ref readonly ushort source, nuint offset)
    {
        var bits = Avx512F.ConvertToVector512UInt32(Vector256.LoadUnsafe(in source, offset));
        // Moving exponent and mantissa into place leaves the exponent 112 too small; multiplying also repairs subnormal halves.
        var magnitude = (bits & Vector512.Create(0x7FFFu)) << 13;
        var finite = magnitude.AsSingle() * Vector512.Create(5.192296858534828e33f);
        var special = (magnitude | Vector512.Create(0x7F800000u)).AsSingle();
        var isFinite = Vector512.LessThan(magnitude, Vector512.Create(0x0F800000u)).AsSingle();
        var sign = (bits & Vector512.Create(0x8000u)) << 16;
        return new((Vector512.ConditionalSelect(isFinite, finite, special).AsUInt32() | sign).AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Load(ref readonly sbyte source, nuint offset)
    {
        var bytes = Vector128.LoadUnsafe(in source, offset);
        return new(Vector512.ConvertToSingle(Avx512F.ConvertToVector512Int32(bytes)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes512 value, ref float target, nuint offset) => value._value.StoreUnsafe(ref target, offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 operator +(Lanes512 left, Lanes512 right) => new(left._value + right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 operator -(Lanes512 left, Lanes512 right) => new(left._value - right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 operator *(Lanes512 left, Lanes512 right) => new(left._value * right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 operator /(Lanes512 left, Lanes512 right) => new(left._value / right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 MultiplyAdd(Lanes512 left, Lanes512 right, Lanes512 addend) =>
        new(Vector512.FusedMultiplyAdd(left._value, right._value, addend._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Min(Lanes512 bound, Lanes512 value) =>
        new(Vector512.ConditionalSelect(Vector512.GreaterThan(value._value, bound._value), bound._value, value._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Max(Lanes512 bound, Lanes512 value) =>
        new(Vector512.ConditionalSelect(Vector512.LessThan(value._value, bound._value), bound._value, value._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Abs(Lanes512 value) => new(Vector512.Abs(value._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Sqrt(Lanes512 value) => new(Vector512.Sqrt(value._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 WithSign(Lanes512 value, Lanes512 sign) =>
        new(value._value | (sign._value & Vector512.Create(-0f)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Round(Lanes512 value) => new(Vector512.Round(value._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Scale(Lanes512 value, Lanes512 exponent)
    {
        return new(Avx512F.Scale(value._value, exponent._value));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 SelectLess(Lanes512 left, Lanes512 right, Lanes512 whenTrue, Lanes512 whenFalse) =>
        new(Vector512.ConditionalSelect(Vector512.LessThan(left._value, right._value), whenTrue._value, whenFalse._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 SwapPairs(Lanes512 value) =>
        new(Vector512.Shuffle(value._value, Vector512.Create(1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14)));

    public static float Sum(Lanes512 value) => Lanes256.Sum(new(value._value.GetLower() + value._value.GetUpper()));

    public static float Largest(Lanes512 value) =>
        Lanes256.Largest(new(Vector256.Max(value._value.GetLower(), value._value.GetUpper())));
}
