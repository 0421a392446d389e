using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Brickwork.Kernels.Elementwise;

/// <summary>Thirty-two floats in two registers: AVX-512 has enough of them for tiles of twice the width.</summary>
readonly struct Lanes1024(Vector512<float> low, Vector512<float> high) : ILaneSums<Lanes1024>
{
    readonly Vector512<float> _low = low;
    readonly Vector512<float> _high = high;

    public static int Count => 32;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1024 Broadcast(float value)
    {
        // Made once, it comes from memory in the same instruction.
        var lanes = Vector512.Create(value);
        return new(lanes, lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1024 Load(ref readonly float source, nuint offset) =>
        new(Vector512.LoadUnsafe(in source, offset), Vector512.LoadUnsafe(in source, offset + 16));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes1024 value, ref float target, nuint offset)
    {
        value._low.StoreUnsafe(ref target, offset);
        value._high.StoreUnsafe(ref target, offset + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1024 MultiplyAdd(Lanes1024 left, Lanes1024 right, Lanes1024 addend) => new(
        Vector512.FusedMultiplyAdd(left._low, right._low, addend._low), Vector512.FusedMultiplyAdd(left._high, right._high, addend._high));
}
