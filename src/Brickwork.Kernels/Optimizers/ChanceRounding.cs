using System.Runtime.Intrinsics;

namespace Brickwork.Kernels.Optimizers;

/// <summary>Floats to brain floats by chance: up or down, so that they are right on average (Gupta et al. 2015, section 3.1).</summary>
/// <remarks>
/// A moment that changes by a thousandth a step would never change, were it rounded to the nearest of 256 steps to the double. The chance
/// of a value is a hash of its number: every path and any number of threads give the same bits.
/// </remarks>
static class ChanceRounding
{
    const uint FirstFactor = 0x85EB_CA6B, SecondFactor = 0xC2B2_AE35;

    /// <summary>A number that differs between steps, parameters and places, and says nothing about itself.</summary>
    public static uint SeedOf(long step, int parameter, int place) => Mixed(Mixed(Mixed((uint)step) + (uint)parameter) + (uint)place);

    /// <param name="values">Finite.</param>
    /// <param name="target">As long.</param>
    /// <param name="seed">Another one rounds otherwise.</param>
    public static void Narrow(ReadOnlySpan<float> values, Span<ushort> target, uint seed)
    {
        if (target.Length != values.Length)
            throw new ArgumentException($"There is room for {target.Length} brain floats, {values.Length} values came.", nameof(target));
        var i = 0;
        if (Vector256.IsHardwareAccelerated)
            for (; i <= values.Length - Vector256<ushort>.Count; i += Vector256<ushort>.Count)
            {
                var numbers = Vector256.Create(seed + (uint)i) + Vector256<uint>.Indices;
                var low = Vector256.Create(values[i..]).AsUInt32() + (Mixed(numbers) >>> 16);
                var high = Vector256.Create(values[(i + Vector256<float>.Count)..]).AsUInt32()
                    + (Mixed(numbers + Vector256.Create((uint)Vector256<float>.Count)) >>> 16);
                Vector256.Narrow(low >>> 16, high >>> 16).CopyTo(target[i..]);
            }
        for (; i < values.Length; i++)
            target[i] = (ushort)(BitConverter.SingleToUInt32Bits(values[i]) + (Mixed(seed + (uint)i) >> 16) >> 16);
    }

    static uint Mixed(uint number)
    {
        number = (number ^ number >> 16) * FirstFactor;
        number = (number ^ number >> 13) * SecondFactor;
        return number ^ number >> 16;
    }

    static Vector256<uint> Mixed(Vector256<uint> numbers)
    {
        numbers = (numbers ^ numbers >>> 16) * Vector256.Create(FirstFactor);
        numbers = (numbers ^ numbers >>> 13) * Vector256.Create(SecondFactor);
        return numbers ^ numbers >>> 16;
    }
}
