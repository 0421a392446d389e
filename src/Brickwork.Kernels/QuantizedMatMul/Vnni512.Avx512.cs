using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Brickwork.Kernels.QuantizedMatMul;

/// <summary>Sums of four products of bytes in 512 bits. .NET 10 has no name for that instruction; .NET 11 has.</summary>
static class Vnni512
{
    /// <summary>Whether <see cref="Add"/> is one instruction.</summary>
    public static bool IsSupported
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get =>
#if NET11_0_OR_GREATER
            AvxVnni.V512.IsSupported;
#else
            false;
#endif
    }

    /// <summary>sums[i] + Σ_j factors[4i + j] · inputs[4i + j]. Where it is not one instruction it is slow, and there for the tests.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Add(Vector512<int> sums, Vector512<byte> factors, Vector512<sbyte> inputs)
    {
#if NET11_0_OR_GREATER
        if (AvxVnni.V512.IsSupported)
            return AvxVnni.V512.MultiplyWideningAndAdd(sums, factors, inputs);
#endif
        var one = Vector512.Create((short)1);
        var mask = Vector512.Create((byte)15);
        // Products of half bytes: a pair of those of whole bytes would not fit 16 bits.
        var low = Avx512BW.MultiplyAddAdjacent(factors & mask, inputs);
        var high = Avx512BW.MultiplyAddAdjacent((factors.AsUInt16() >>> 4).AsByte() & mask, inputs);
        return sums + Avx512BW.MultiplyAddAdjacent(low, one) + (Avx512BW.MultiplyAddAdjacent(high, one) << 4);
    }
}
