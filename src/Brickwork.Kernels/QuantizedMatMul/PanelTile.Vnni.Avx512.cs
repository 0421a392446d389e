using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Brickwork.Kernels.QuantizedMatMul;

static unsafe partial class PanelTile<TFormat>
{
    /// <summary>Factors of any width with one scale per block, where sums of four products of bytes come in 512 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void VnniTileAvx512(byte* weights, int blocks, int* input0, int* input1, int* input2, int* input3, float* sum)
    {
        var f00 = Vector512.Load(sum + 0); var f01 = Vector512.Load(sum + 16);
        var f10 = Vector512.Load(sum + 32); var f11 = Vector512.Load(sum + 48);
        var f20 = Vector512.Load(sum + 64); var f21 = Vector512.Load(sum + 80);
        var f30 = Vector512.Load(sum + 96); var f31 = Vector512.Load(sum + 112);
        var first = weights;
        for (var block = 0; block < blocks; block++)
        {
            var second = first + UnpackedBytes;
            var factors = first + FactorsAt;
            Vector512<int> i00 = default, i01 = default, i10 = default, i11 = default;
            Vector512<int> i20 = default, i21 = default, i30 = default, i31 = default;
            for (var group = 0; group < 8; group++, factors += Vector)
            {
                var w0 = Vector512.Load(factors);
                var w1 = Vector512.Load(factors + UnpackedBytes);
                var x = Vector512.Create(input0[group]).AsSByte();
                i00 = Vnni512.Add(i00, w0, x); i01 = Vnni512.Add(i01, w1, x);
                x = Vector512.Create(input1[group]).AsSByte();
                i10 = Vnni512.Add(i10, w0, x); i11 = Vnni512.Add(i11, w1, x);
                x = Vector512.Create(input2[group]).AsSByte();
                i20 = Vnni512.Add(i20, w0, x); i21 = Vnni512.Add(i21, w1, x);
                x = Vector512.Create(input3[group]).AsSByte();
                i30 = Vnni512.Add(i30, w0, x); i31 = Vnni512.Add(i31, w1, x);
            }
            f00 = SumAvx512(i00, first, input0, f00); f01 = SumAvx512(i01, second, input0, f01);
            f10 = SumAvx512(i10, first, input1, f10); f11 = SumAvx512(i11, second, input1, f11);
            f20 = SumAvx512(i20, first, input2, f20); f21 = SumAvx512(i21, second, input2, f21);
            f30 = SumAvx512(i30, first, input3, f30); f31 = SumAvx512(i31, second, input3, f31);
            first = second + UnpackedBytes;
            input0 += InputWords; input1 += InputWords; input2 += InputWords; input3 += InputWords;
        }
        f00.Store(sum + 0); f01.Store(sum + 16);
        f10.Store(sum + 32); f11.Store(sum + 48);
        f20.Store(sum + 64); f21.Store(sum + 80);
        f30.Store(sum + 96); f31.Store(sum + 112);
    }
}
