using System.Runtime.InteropServices;
using Brickwork.Kernels.Blocks;

namespace Brickwork.Kernels.Tests.Blocks;

public class HalfConversionTests
{
    static readonly ushort[] AllPatterns = [.. Enumerable.Range(0, 65536).Select(i => (ushort)i)];

    [Fact]
    public void Every_half_widens_to_its_value()
    {
        var values = new float[65536];

        HalfConversion.Widen(AllPatterns, values);

        for (var i = 0; i < 65536; i++)
        {
            var half = BitConverter.UInt16BitsToHalf((ushort)i);
            if (Half.IsNaN(half))
                float.IsNaN(values[i]).ShouldBeTrue();
            else
                BitConverter.SingleToUInt32Bits(values[i]).ShouldBe(BitConverter.SingleToUInt32Bits((float)half));
            BitConverter.SingleToUInt32Bits(HalfConversion.ToSingle((ushort)i)).ShouldBe(BitConverter.SingleToUInt32Bits(values[i]));
        }
    }

    [Fact]
    public void Every_half_survives_a_round_trip_bit_for_bit()
    {
        var values = new float[65536];
        var halves = new ushort[65536];

        HalfConversion.Widen(AllPatterns, values);
        HalfConversion.Narrow(values, halves);

        halves.ShouldBe(AllPatterns);
        values.Select(HalfConversion.ToHalf).ShouldBe(AllPatterns);
    }

    [Fact]
    public void Floats_between_halves_go_to_the_nearest_and_ties_to_even()
    {
        var values = FloatsAroundEveryHalf();
        var halves = new ushort[values.Length];

        HalfConversion.Narrow(values, halves);

        for (var i = 0; i < values.Length; i++)
        {
            halves[i].ShouldBe(BitConverter.HalfToUInt16Bits((Half)values[i]), $"{values[i]:G9}");
            HalfConversion.ToHalf(values[i]).ShouldBe(halves[i]);
        }
    }

    [Fact]
    public void Brain_floats_survive_a_round_trip_and_stay_NaN()
    {
        var values = new float[65536];
        var back = new ushort[65536];

        BFloat16Conversion.Widen(AllPatterns, values);
        BFloat16Conversion.Narrow(values, back);

        for (var i = 0; i < 65536; i++)
            if (float.IsNaN(values[i]))
                (back[i] & 0x7FFF).ShouldBeGreaterThan(0x7F80);
            else
                back[i].ShouldBe((ushort)i);
    }

    [Fact]
    public void Floats_between_brain_floats_go_to_the_nearest_and_ties_to_even()
    {
        var random = new Random(5);
        var values = new float[100_003];
        random.NextBytes(MemoryMarshal.AsBytes(values.AsSpan()));
        for (var i = 0; i < values.Length; i += 4) // exact ties
            values[i] = BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits(values[i]) & 0xFFFF_0000 | 0x8000);
        var target = new ushort[values.Length];

        BFloat16Conversion.Narrow(values, target);

        for (var i = 0; i < values.Length; i++)
        {
            target[i].ShouldBe(BFloat16Conversion.ToBFloat16(values[i]));
            if (!float.IsFinite(values[i]))
                continue;
            var bits = BitConverter.SingleToUInt32Bits(values[i]);
            var (below, rest) = (bits >> 16, bits & 0xFFFF);
            target[i].ShouldBe((ushort)(rest > 0x8000 || rest == 0x8000 && below % 2 == 1 ? below + 1 : below));
        }
    }

    [Fact]
    public void Refuses_too_little_room()
    {
        Should.Throw<ArgumentException>(() => HalfConversion.Widen(new ushort[9], new float[8]));
        Should.Throw<ArgumentException>(() => HalfConversion.Narrow(new float[9], new ushort[8]));
        Should.Throw<ArgumentException>(() => BFloat16Conversion.Widen(new ushort[9], new float[8]));
        Should.Throw<ArgumentException>(() => BFloat16Conversion.Narrow(new float[9], new ushort[8]));
    }

    /// <summary>For every finite half: the middle to the next one, its neighbours as floats, and odd spots; both signs.</summary>
    static float[] FloatsAroundEveryHalf()
    {
        var values = new List<float> { float.Epsilon, 1e-40f, float.MaxValue, float.PositiveInfinity, 65519.996f, 65520, 65535 };
        for (ushort bits = 0; bits < 0x7BFF; bits++)
        {
            var (low, high) = ((float)BitConverter.UInt16BitsToHalf(bits), (float)BitConverter.UInt16BitsToHalf((ushort)(bits + 1)));
            var middle = (low + high) / 2;
            values.AddRange([middle, MathF.BitIncrement(middle), MathF.BitDecrement(middle)]);
            values.AddRange([MathF.BitIncrement(low), low + (high - low) / 3]);
        }
        return [.. values, .. values.Select(v => -v)];
    }
}
