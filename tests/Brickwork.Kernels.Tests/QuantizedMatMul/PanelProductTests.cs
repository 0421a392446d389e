using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Brickwork.Kernels.Blocks;
using Brickwork.Kernels.Hashing;
using Brickwork.Kernels.QuantizedMatMul;

namespace Brickwork.Kernels.Tests.QuantizedMatMul;

public sealed class PanelProductTests
{
    public static TheoryData<DType> Types => [.. PanelProduct.Types];

    static IEnumerable<InstructionSet> FastPaths => InstructionSets.Supported.Where(path => path >= InstructionSet.Avx2);

    [Theory, MemberData(nameof(Types))]
    public void The_reference_multiplies_the_stored_values_with_the_rounded_inputs(DType type)
    {
        var (rows, columns, tokens) = (29, 512, 3);
        var stored = Stored(type, rows, columns, seed: 1);
        var inputs = Inputs(tokens, columns, seed: 2);
        var outputs = Multiply(InstructionSet.Reference, type, stored, rows, inputs, columns);
        var weights = new float[rows * columns];
        Dequantizer.Run(type, stored, weights);
        for (var token = 0; token < tokens; token++)
            for (var row = 0; row < rows; row++)
            {
                double sum = 0, magnitude = 0;
                for (var column = 0; column < columns; column++)
                {
                    var product = (double)weights[row * columns + column] * Input(inputs, columns, token, column);
                    sum += product;
                    magnitude += Math.Abs(product);
                }
                // Scales, sums of blocks and the dequantized weights are each rounded to 24 bits.
                ((double)outputs[token * rows + row]).ShouldBe(sum, magnitude * 40 * Math.Pow(2, -24), $"{type} row {row}");
            }
    }

    [Theory, MemberData(nameof(Types))]
    public void Every_path_gives_the_bits_of_the_reference_for_every_batch(DType type)
    {
        foreach (var columns in type.BlockLength() == 256 ? (int[])[256, 1280] : [32, 96, 544, 1088])
            foreach (var rows in (int[])[1, 15, 16, 17, 32, 33, 53])
            {
                var stored = Stored(type, rows, columns, seed: columns + rows);
                foreach (var tokens in (int[])[1, 2, 3, 4, 5, 6, 7, 8, 9, 14])
                {
                    var inputs = Inputs(tokens, columns, seed: tokens);
                    var expected = Multiply(InstructionSet.Reference, type, stored, rows, inputs, columns);
                    foreach (var path in FastPaths)
                        Bits(Multiply(path, type, stored, rows, inputs, columns)).ShouldBe(Bits(expected),
                            $"{type} {path} {rows} x {columns}, {tokens} tokens");
                }
            }
    }

    // Panels are kept in files: whoever changes a byte of them raises the version and puts the new hashes here.
    [Theory]
    [InlineData(DType.Q4_0, 0x71f9e29d60ca7ad6)]
    [InlineData(DType.Q4_1, 0xf9aa8cbd6c204655)]
    [InlineData(DType.Q5_0, 0xf33271a01e03469f)]
    [InlineData(DType.Q5_1, 0xd2fdb09494287b41)]
    [InlineData(DType.Q8_0, 0x1cb61b2148781076)]
    [InlineData(DType.Q3_K, 0x71eae62aae0161ec)]
    [InlineData(DType.Q4_K, 0x774be7db19a4db8d)]
    [InlineData(DType.Q5_K, 0xf80f37186bf39ea6)]
    [InlineData(DType.Q6_K, 0x61913c932f0dc35f)]
    [InlineData(DType.IQ4_NL, 0x71f9e29d60ca7ad6)]
    [InlineData(DType.IQ4_XS, 0x678185706efb3d1b)]
    [InlineData(DType.MXFP4, 0x8a596a6fc0ffe423)]
    public void The_layout_is_that_of_its_version(DType type, ulong hash)
    {
        PanelProduct.LayoutVersion.ShouldBe(1);
        var product = PanelProduct.Find(type)!;
        var stored = Stored(type, 13, 512, seed: 9);
        foreach (var before in (byte[])[0x00, 0xA5])
        {
            var panel = new byte[product.PanelBytes(512)];
            panel.AsSpan().Fill(before);                // memory that nobody cleared
            product.Pack(stored, 512, panel);
            XxHash64.Of(panel).ShouldBe(hash, $"{type}: 0x{XxHash64.Of(panel):x16}");
        }
    }

    [Theory, MemberData(nameof(Types))]
    public void The_largest_quants_do_not_overflow(DType type)
    {
        var columns = type.BlockLength();
        var stored = Stored(type, 16, columns, seed: 3);
        foreach (var fill in (byte[])[0xFF, 0x00, 0xF0, 0x0F])
        {
            var extreme = stored.ToArray();
            for (var index = 0; index < extreme.Length; index++)
                if (index % type.BlockBytes() is > 3 and not (>= 80 and < 84 or >= 108 and < 110 or >= 208 and < 210))
                    extreme[index] = fill;
            foreach (var sign in (float[])[1, -1])
            {
                var inputs = Quantized([.. Enumerable.Range(0, 2 * columns).Select(_ => sign)]);
                var expected = Multiply(InstructionSet.Reference, type, extreme, 16, inputs, columns);
                foreach (var path in FastPaths)
                {
                    Bits(Multiply(path, type, extreme, 16, inputs, columns)).ShouldBe(Bits(expected));
                    var single = inputs[..(inputs.Length / 2)];
                    Bits(Multiply(path, type, extreme, 16, single, columns)).ShouldBe(Bits(expected[..16]));
                }
            }
        }
    }

    [Theory, MemberData(nameof(Types))]
    public void Inputs_that_are_no_numbers_give_outputs_that_are_none(DType type)
    {
        var columns = type.BlockLength();
        var stored = Stored(type, 20, columns, seed: 4);
        var values = new float[2 * columns];
        values[columns + 3] = float.NaN;
        foreach (var path in FastPaths)
        {
            var outputs = Multiply(path, type, stored, 20, Quantized(values), columns);
            outputs[..20].ShouldAllBe(value => value == 0);
            outputs[20..].ShouldAllBe(value => float.IsNaN(value));
        }
    }

    static float[] Multiply(InstructionSet path, DType type, byte[] stored, int rows, byte[] inputs, int columns)
    {
        var product = PanelProduct.Find(type)!;
        var panelBytes = (int)product.PanelBytes(columns);
        var panels = new byte[(rows + 15) / 16 * panelBytes];
        var rowBytes = (int)type.RowBytes(columns);
        for (var panel = 0; panel * 16 < rows; panel++)
            product.Pack(stored.AsSpan(panel * 16 * rowBytes, Math.Min(16, rows - panel * 16) * rowBytes), columns,
                panels.AsSpan(panel * panelBytes, panelBytes));
        var outputs = new float[inputs.Length / ActivationBlocks.RowBytes(columns) * rows];
        product.Multiply(path, panels, inputs, columns, rows, outputs, rows);
        return outputs;
    }

    /// <summary>Random blocks with ordinary scales of both signs, some of them subnormal halves.</summary>
    static byte[] Stored(DType type, int rows, int columns, int seed)
    {
        var random = new Random(seed);
        var stored = new byte[rows * type.RowBytes(columns)];
        random.NextBytes(stored);
        for (var block = 0; block < stored.Length; block += type.BlockBytes())
            if (type == DType.MXFP4)
                stored[block] = (byte)random.Next(0, 128);
            else
                foreach (var offset in ScaleOffsets(type))
                    BinaryPrimitives.WriteHalfLittleEndian(stored.AsSpan(block + offset),
                        (Half)((random.NextSingle() - 0.5f) / (random.Next(4) == 0 ? 20000 : 10)));
        return stored;
    }

    static int[] ScaleOffsets(DType type) => type switch
    {
        DType.Q4_1 or DType.Q5_1 or DType.Q4_K or DType.Q5_K => [0, 2],
        DType.Q3_K => [108],
        DType.Q6_K => [208],
        _ => [0],
    };

    static byte[] Inputs(int tokens, int columns, int seed)
    {
        var random = new Random(seed);
        return Quantized([.. Enumerable.Range(0, tokens * columns).Select(_ => random.NextSingle() * 2 - 1)]);
    }

    static byte[] Quantized(float[] values)
    {
        var blocks = new byte[ActivationBlocks.RowBytes(values.Length)];
        ActivationBlocks.Quantize(InstructionSet.Reference, values, blocks);
        return blocks;
    }

    static double Input(byte[] inputs, int columns, int token, int column)
    {
        var block = inputs.AsSpan(token * ActivationBlocks.RowBytes(columns) + column / 32 * ActivationBlocks.BlockBytes,
            ActivationBlocks.BlockBytes);
        return (double)(sbyte)block[column % 32] * BinaryPrimitives.ReadSingleLittleEndian(block[ActivationBlocks.Scale..]);
    }

    static int[] Bits(float[] values) => MemoryMarshal.Cast<float, int>(values).ToArray();
}
