using Brickwork.Kernels.Attention;

namespace Brickwork.Kernels.Tests.Attention;

public sealed class KeyValueCopyTests
{
    [Theory]
    [InlineData(CacheType.F32)]
    [InlineData(CacheType.F16)]
    [InlineData(CacheType.Q8_0)]
    [InlineData(CacheType.Q4_0)]
    public void A_copied_position_has_the_bits_of_the_first_and_its_neighbours_keep_theirs(CacheType type)
    {
        var layout = new KeyValuePage(type, 40, 24);
        var (source, target) = (Filled(layout, 0), Filled(layout, 500));
        foreach (var (from, to) in new[] { (3, 3), (5, 40), (63, 31), (33, 34) })
        {
            layout.Copy(source, from, target, to);
            ShouldHold(layout, target, to, from);
        }
        ShouldHold(layout, target, 8, 508);
        ShouldHold(layout, target, 63, 563);
        layout.Copy(target, 8, target, 41);
        ShouldHold(layout, target, 41, 508);
        ShouldHold(layout, target, 9, 509);
    }

    static byte[] Filled(KeyValuePage layout, int seed)
    {
        var page = new byte[layout.Bytes];
        for (var slot = 0; slot < KeyValuePage.Positions; slot++)
            Write(layout, page, slot, seed + slot);
        return page;
    }

    static void Write(KeyValuePage layout, byte[] page, int slot, int seed) =>
        layout.Write(page, slot, Rows.Random(seed, layout.KeyWidth), Rows.Random(seed + 1000, layout.ValueWidth));

    /// <summary>Whether a place reads as if the row of a seed had been written there.</summary>
    static void ShouldHold(KeyValuePage layout, byte[] page, int slot, int seed)
    {
        var written = new byte[layout.Bytes];
        Write(layout, written, slot, seed);
        Rows.ShouldBeBitIdentical(Read(layout, page, slot), Read(layout, written, slot), $"place {slot} of {layout.Type}");
    }

    static float[] Read(KeyValuePage layout, byte[] page, int slot)
    {
        var keys = layout.Keys(InstructionSet.Reference, page, new float[layout.KeyWidth * KeyValuePage.Positions], 0).ToArray();
        var values = layout.Values(InstructionSet.Reference, page, slot, slot + 1, new float[layout.ValueStride * KeyValuePage.Positions], 0);
        return [.. Enumerable.Range(0, layout.KeyWidth).Select(i => keys[i * KeyValuePage.Positions + slot]), .. values.Slice(slot * layout.ValueStride, layout.ValueWidth)];
    }
}
