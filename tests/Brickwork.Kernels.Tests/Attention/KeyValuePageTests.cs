using Brickwork.Kernels.Attention;
using Brickwork.Kernels.Blocks;

namespace Brickwork.Kernels.Tests.Attention;

public sealed class KeyValuePageTests
{
    [Theory]
    [InlineData(CacheType.F32, 0)]
    [InlineData(CacheType.F16, 1.0 / 2048)]
    [InlineData(CacheType.Q8_0, 0.5 / 127 + 1.0 / 2048)]
    [InlineData(CacheType.Q4_0, 1.0 / 8 + 1.0 / 2048)]
    public void Every_position_is_read_back_within_the_types_rounding(CacheType type, double tolerance)
    {
        foreach (var (keyWidth, valueWidth) in new[] { (1, 1), (16, 16), (33, 40), (64, 5), (576, 512) })
            foreach (var path in InstructionSets.Supported)
            {
                var layout = new KeyValuePage(type, keyWidth, valueWidth);
                var page = new byte[layout.Bytes];
                for (var slot = 0; slot < KeyValuePage.Positions; slot++)
                    layout.Write(page, slot, Rows.Random(slot, keyWidth), Rows.Random(slot + 1000, valueWidth));
                var keys = layout.Keys(path, page, new float[keyWidth * 64], 0);
                var values = layout.Values(path, page, 0, 64, new float[layout.ValueStride * 64], 0);
                for (var slot = 0; slot < KeyValuePage.Positions; slot++)
                {
                    var (key, value) = (new float[keyWidth], values.Slice(slot * layout.ValueStride, valueWidth).ToArray());
                    for (var i = 0; i < keyWidth; i++)
                        key[i] = keys[i * KeyValuePage.Positions + slot];
                    key.ShouldBeClose(Rows.Random(slot, keyWidth), 0, tolerance, $"key {slot} of {type} on {path}");
                    value.ShouldBeClose(Rows.Random(slot + 1000, valueWidth), 0, tolerance, $"value {slot} of {type} on {path}");
                }
            }
    }

    [Theory]
    [InlineData(CacheType.F16)]
    [InlineData(CacheType.Q8_0)]
    [InlineData(CacheType.Q4_0)]
    public void Every_path_reads_the_same_bits(CacheType type)
    {
        var layout = new KeyValuePage(type, 72, 40);
        var page = new byte[layout.Bytes];
        for (var slot = 0; slot < KeyValuePage.Positions; slot++)
            layout.Write(page, slot, Rows.Random(slot, 72, 1000), Rows.Random(slot + 1000, 40, 1e-5f));
        var keys = layout.Keys(InstructionSet.Reference, page, new float[72 * 64], 0).ToArray();
        var values = layout.Values(InstructionSet.Reference, page, 0, 64, new float[layout.ValueStride * 64], 0).ToArray();
        foreach (var path in InstructionSets.Supported)
        {
            Rows.ShouldBeBitIdentical(layout.Keys(path, page, new float[72 * 64], 0), keys, $"keys on {path}");
            Rows.ShouldBeBitIdentical(
                layout.Values(path, page, 0, 64, new float[layout.ValueStride * 64], 0), values, $"values on {path}");
        }
    }

    [Fact]
    public void Four_bit_rows_hold_what_ggmls_blocks_hold()
    {
        var layout = new KeyValuePage(CacheType.Q4_0, 96, 64);
        var page = new byte[layout.Bytes];
        foreach (var slot in new[] { 5, 37, 63, 31, 5 })
            layout.Write(page, slot, Rows.Random(slot, 96), Rows.Random(slot + 1000, 64));
        foreach (var path in InstructionSets.Supported)
            foreach (var slot in new[] { 5, 31, 37, 63 })
            {
                var keys = layout.Keys(path, page, new float[96 * 64], 0).ToArray();
                var key = Enumerable.Range(0, 96).Select(i => keys[i * KeyValuePage.Positions + slot]).ToArray();
                key.ShouldBe(Blocks(Rows.Random(slot, 96)));
                var values = layout.Values(path, page, slot, slot + 1, new float[64 * 64], 0);
                values.Slice(slot * 64, 64).ToArray().ShouldBe(Blocks(Rows.Random(slot + 1000, 64)));
            }
    }

    [Fact]
    public void Four_bits_take_an_eighth_of_the_memory_and_their_scales()
    {
        new KeyValuePage(CacheType.F32, 128, 128).Bytes.ShouldBe(64 * 2 * 128 * 4);
        new KeyValuePage(CacheType.Q4_0, 128, 128).Bytes.ShouldBe(64 * 2 * 128 / 32 * 18);
    }

    static float[] Blocks(float[] row)
    {
        var blocks = new byte[row.Length / 32 * 18];
        Quantizer.Run(DType.Q4_0, row, blocks);
        var values = new float[row.Length];
        Dequantizer.Run(DType.Q4_0, blocks, values);
        return values;
    }
}
