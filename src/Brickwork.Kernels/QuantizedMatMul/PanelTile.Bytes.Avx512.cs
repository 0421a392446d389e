using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Brickwork.Kernels.QuantizedMatMul;

static unsafe partial class PanelTile<TFormat>
{
    /// <summary>Factors of 8 bits for one panel. The sum of four products comes in 256 bits and the lower 16 registers only.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void BytesTileAvx512(byte* weights, int blocks, int* input0, int* input1, int* input2, int* input3, float* sum)
    {
        var first = weights;
        var factorsAt = FactorsAt;
        var unpackedBytes = UnpackedBytes;
        for (var block = 0; block < blocks; block++)
        {
            var factors = first + factorsAt;
            Vector256<byte> w0, w1;
            Vector256<sbyte> x;
            var i00 = Vector256<int>.Zero; var i01 = Vector256<int>.Zero;
            var i10 = Vector256<int>.Zero; var i11 = Vector256<int>.Zero;
            var i20 = Vector256<int>.Zero; var i21 = Vector256<int>.Zero;
            var i30 = Vector256<int>.Zero; var i31 = Vector256<int>.Zero;
            w0 = Vector256.Load(factors + 0); w1 = Vector256.Load(factors + 32);
            x = Vector256.Create(input0[0]).AsSByte(); i00 = AvxVnni.MultiplyWideningAndAdd(i00, w0, x);
            i01 = AvxVnni.MultiplyWideningAndAdd(i01, w1, x);
            x = Vector256.Create(input1[0]).AsSByte(); i10 = AvxVnni.MultiplyWideningAndAdd(i10, w0, x);
            i11 = AvxVnni.MultiplyWideningAndAdd(i11, w1, x);
            x = Vector256.Create(input2[0]).AsSByte(); i20 = AvxVnni.MultiplyWideningAndAdd(i20, w0, x);
            i21 = AvxVnni.MultiplyWideningAndAdd(i21, w1, x);
            x = Vector256.Create(input3[0]).AsSByte(); i30 = AvxVnni.MultiplyWideningAndAdd(i30, w0, x);
            i31 = AvxVnni.MultiplyWideningAndAdd(i31, w1, x);
            w0 = Vector256.Load(factors + 64); w1 = Vector256.Load(factors + 96);
            x = Vector256.Create(input0[1]).AsSByte(); i00 = AvxVnni.MultiplyWideningAndAdd(i00, w0, x);
            i01 = AvxVnni.MultiplyWideningAndAdd(i01, w1, x);
            x = Vector256.Create(input1[1]).AsSByte(); i10 = AvxVnni.MultiplyWideningAndAdd(i10, w0, x);
            i11 = AvxVnni.MultiplyWideningAndAdd(i11, w1, x);
            x = Vector256.Create(input2[1]).AsSByte(); i20 = AvxVnni.MultiplyWideningAndAdd(i20, w0, x);
            i21 = AvxVnni.MultiplyWideningAndAdd(i21, w1, x);
            x = Vector256.Create(input3[1]).AsSByte(); i30 = AvxVnni.MultiplyWideningAndAdd(i30, w0, x);
            i31 = AvxVnni.MultiplyWideningAndAdd(i31, w1, x);
            w0 = Vector256.Load(factors + 128); w1 = Vector256.Load(factors + 160);
            x = Vector256.Create(input0[2]).AsSByte(); i00 = AvxVnni.MultiplyWideningAndAdd(i00, w0, x);
            i01 = AvxVnni.MultiplyWideningAndAdd(i01, w1, x);
            x = Vector256.Create(input1[2]).AsSByte(); i10 = AvxVnni.MultiplyWideningAndAdd(i10, w0, x);
            i11 = AvxVnni.MultiplyWideningAndAdd(i11, w1, x);
            x = Vector256.Create(input2[2]).AsSByte(); i20 = AvxVnni.MultiplyWideningAndAdd(i20, w0, x);
            i21 = AvxVnni.MultiplyWideningAndAdd(i21, w1, x);
            x = Vector256.Create(input3[2]).AsSByte(); i30 = AvxVnni.MultiplyWideningAndAdd(i30, w0, x);
            i31 = AvxVnni.MultiplyWideningAndAdd(i31, w1, x);
            w0 = Vector256.Load(factors + 192); w1 = Vector256.Load(factors + 224);
            x = Vector256.Create(input0[3]).AsSByte(); i00 = AvxVnni.MultiplyWideningAndAdd(i00, w0, x);
            i01 = AvxVnni.MultiplyWideningAndAdd(i01, w1, x);
            x = Vector256.Create(input1[3]).AsSByte(); i10 = AvxVnni.MultiplyWideningAndAdd(i10, w0, x);
            i11 = AvxVnni.MultiplyWideningAndAdd(i11, w1, x);
            x = Vector256.Create(input2[3]).AsSByte(); i20 = AvxVnni.MultiplyWideningAndAdd(i20, w0, x);
            i21 = AvxVnni.MultiplyWideningAndAdd(i21, w1, x);
            x = Vector256.Create(input3[3]).AsSByte(); i30 = AvxVnni.MultiplyWideningAndAdd(i30, w0, x);
            i31 = AvxVnni.MultiplyWideningAndAdd(i31, w1, x);
            w0 = Vector256.Load(factors + 256); w1 = Vector256.Load(factors + 288);
            x = Vector256.Create(input0[4]).AsSByte(); i00 = AvxVnni.MultiplyWideningAndAdd(i00, w0, x);
            i01 = AvxVnni.MultiplyWideningAndAdd(i01, w1, x);
            x = Vector256.Create(input1[4]).AsSByte(); i10 = AvxVnni.MultiplyWideningAndAdd(i10, w0, x);
            i11 = AvxVnni.MultiplyWideningAndAdd(i11, w1, x);
            x = Vector256.Create(input2[4]).AsSByte(); i20 = AvxVnni.MultiplyWideningAndAdd(i20, w0, x);
            i21 = AvxVnni.MultiplyWideningAndAdd(i21, w1, x);
            x = Vector256.Create(input3[4]).AsSByte(); i30 = AvxVnni.MultiplyWideningAndAdd(i30, w0, x);
            i31 = AvxVnni.MultiplyWideningAndAdd(i31, w1, x);
            w0 = Vector256.Load(factors + 320); w1 = Vector256.Load(factors + 352);
            x = Vector256.Create(input0[5]).AsSByte(); i00 = AvxVnni.MultiplyWideningAndAdd(i00, w0, x);
            i01 = AvxVnni.MultiplyWideningAndAdd(i01, w1, x);
            x = Vector256.Create(input1[5]).AsSByte(); i10 = AvxVnni.MultiplyWideningAndAdd(i10, w0, x);
            i11 = AvxVnni.MultiplyWideningAndAdd(i11, w1, x);
            x = Vector256.Create(input2[5]).AsSByte(); i20 = AvxVnni.MultiplyWideningAndAdd(i20, w0, x);
            i21 = AvxVnni.MultiplyWideningAndAdd(i21, w1, x);
            x = Vector256.Create(input3[5]).AsSByte(); i30 = AvxVnni.MultiplyWideningAndAdd(i30, w0, x);
            i31 = AvxVnni.MultiplyWideningAndAdd(i31, w1, x);
            w0 = Vector256.Load(factors + 384); w1 = Vector256.Load(factors + 416);
            x = Vector256.Create(input0[6]).AsSByte(); i00 = AvxVnni.MultiplyWideningAndAdd(i00, w0, x);
            i01 = AvxVnni.MultiplyWideningAndAdd(i01, w1, x);
            x = Vector256.Create(input1[6]).AsSByte(); i10 = AvxVnni.MultiplyWideningAndAdd(i10, w0, x);
            i11 = AvxVnni.MultiplyWideningAndAdd(i11, w1, x);
            x = Vector256.Create(input2[6]).AsSByte(); i20 = AvxVnni.MultiplyWideningAndAdd(i20, w0, x);
            i21 = AvxVnni.MultiplyWideningAndAdd(i21, w1, x);
            x = Vector256.Create(input3[6]).AsSByte(); i30 = AvxVnni.MultiplyWideningAndAdd(i30, w0, x);
            i31 = AvxVnni.MultiplyWideningAndAdd(i31, w1, x);
            w0 = Vector256.Load(factors + 448); w1 = Vector256.Load(factors + 480);
            x = Vector256.Create(input0[7]).AsSByte(); i00 = AvxVnni.MultiplyWideningAndAdd(i00, w0, x);
            i01 = AvxVnni.MultiplyWideningAndAdd(i01, w1, x);
            x = Vector256.Create(input1[7]).AsSByte(); i10 = AvxVnni.MultiplyWideningAndAdd(i10, w0, x);
            i11 = AvxVnni.MultiplyWideningAndAdd(i11, w1, x);
            x = Vector256.Create(input2[7]).AsSByte(); i20 = AvxVnni.MultiplyWideningAndAdd(i20, w0, x);
            i21 = AvxVnni.MultiplyWideningAndAdd(i21, w1, x);
            x = Vector256.Create(input3[7]).AsSByte(); i30 = AvxVnni.MultiplyWideningAndAdd(i30, w0, x);
            i31 = AvxVnni.MultiplyWideningAndAdd(i31, w1, x);
            SumAvx512(Vector512.Create(i00, i01), first, input0, Vector512.Load(sum)).Store(sum);
            SumAvx512(Vector512.Create(i10, i11), first, input1, Vector512.Load(sum + 32)).Store(sum + 32);
            SumAvx512(Vector512.Create(i20, i21), first, input2, Vector512.Load(sum + 64)).Store(sum + 64);
            SumAvx512(Vector512.Create(i30, i31), first, input3, Vector512.Load(sum + 96)).Store(sum + 96);
            first += 2 * unpackedBytes;
            input0 += InputWords; input1 += InputWords; input2 += InputWords; input3 += InputWords;
        }
    }
}
