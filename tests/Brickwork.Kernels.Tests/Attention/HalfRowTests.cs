using Brickwork.Kernels.Attention;

namespace Brickwork.Kernels.Tests.Attention;

public sealed class HalfRowTests
{
    /// <summary>Steps through all floats, and all halves with their neighbours and the ties between them.</summary>
    [Fact]
    public void Every_float_rounds_as_the_base_library_rounds_it()
    {
        var floats = new List<float>();
        for (var bits = 0L; bits < 1L << 32; bits += 9973)
            floats.Add(BitConverter.UInt32BitsToSingle((uint)bits));
        for (var half = 0; half < 65536; half++)
        {
            var value = BitConverter.SingleToUInt32Bits((float)BitConverter.UInt16BitsToHalf((ushort)half));
            foreach (var step in new uint[] { 0, 1, 0xFFF, 0x1000, 0x1001, 0xFFFFFFFF })
                floats.Add(BitConverter.UInt32BitsToSingle(value + step));
        }
        var halves = new ushort[floats.Count];
        HalfRow.Round([.. floats], halves);
        for (var i = 0; i < halves.Length; i++)
        {
            var actual = BitConverter.UInt16BitsToHalf(halves[i]);
            if (actual != (Half)floats[i] && !(Half.IsNaN(actual) && float.IsNaN(floats[i])))
                Assert.Fail($"{floats[i]:R} became {actual}, expected {(Half)floats[i]}.");
        }
    }
}
