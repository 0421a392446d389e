using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using Brickwork.Kernels.QuantizedMatMul;
using Brickwork.Kernels.QuantizedMatMul.Formats;

namespace Brickwork.Kernels.Tests.QuantizedMatMul;

/// <summary>The tile for .NET 11 is proven here with what .NET 10 has.</summary>
public sealed class PanelTileVnniTests
{
    [SkippableFact]
    public void The_tile_with_512_bit_sums_of_bytes_has_the_bits_of_the_others()
    {
        Skip.IfNot(InstructionSets.Supported.Contains(InstructionSet.Avx512) && AvxVnni.IsSupported, "no AVX-512 or no AVX-VNNI");
        Compare<Q8_0Panel>();
        Compare<Q4_0Panel>();
        Compare<Q4_1Panel>();
        Compare<Q5_0Panel>();
        Compare<IQ4_NLPanel>();
    }

    static unsafe void Compare<TFormat>() where TFormat : struct, IPanelFormat
    {
        const int Blocks = 7, Columns = Blocks * ActivationBlocks.BlockLength;
        var random = new Random(11);
        var stored = new byte[TFormat.Type.RowBytes(Columns) * 32];
        random.NextBytes(stored);
        for (var at = 0; at < stored.Length; at += TFormat.Type.BlockBytes())
            stored[at + 1] = (byte)(random.Next(2) << 7 | random.Next(0x20, 0x38));        // halves that are numbers of ordinary size
        if (TFormat.HasOffset)
            for (var at = 0; at < stored.Length; at += TFormat.Type.BlockBytes())
                stored[at + 3] = (byte)random.Next(0x20, 0x38);
        var panel = (int)PanelLayout<TFormat>.Bytes(Columns);
        var panels = new byte[2 * panel];
        PanelPacker<TFormat>.Run(stored.AsSpan(0, stored.Length / 2), Columns, panels.AsSpan(0, panel));
        PanelPacker<TFormat>.Run(stored.AsSpan(stored.Length / 2), Columns, panels.AsSpan(panel));
        var unpacked = new byte[PanelTile<TFormat>.PieceBytes];
        PanelTile<TFormat>.Unpack(InstructionSet.Avx512, panels.AsSpan(0, panel), panels.AsSpan(panel), Blocks, unpacked);
        var inputs = new byte[4][];
        for (var token = 0; token < 4; token++)
        {
            inputs[token] = new byte[ActivationBlocks.RowBytes(Columns)];
            ActivationBlocks.Quantize(InstructionSet.Reference,
                [.. Enumerable.Range(0, Columns).Select(_ => random.NextSingle() * 2 - 1)], inputs[token]);
        }
        var expected = new float[PanelTile<TFormat>.Tokens * PanelTile<TFormat>.Rows];
        var found = new float[expected.Length];
        PanelTile<TFormat>.Accumulate(
            InstructionSet.Avx512, unpacked, Blocks, new FourInputs(inputs[0], inputs[1], inputs[2], inputs[3]), expected);
        fixed (byte* weights = unpacked, input0 = inputs[0], input1 = inputs[1], input2 = inputs[2], input3 = inputs[3])
        fixed (float* sum = found)
            PanelTile<TFormat>.VnniTileAvx512(weights, Blocks, (int*)input0, (int*)input1, (int*)input2, (int*)input3, sum);
        expected.ShouldContain(value => value != 0);
        MemoryMarshal.Cast<float, int>(found).ToArray().ShouldBe(MemoryMarshal.Cast<float, int>(expected).ToArray(), TFormat.Type.ToString());
    }
}
