using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Brickwork.Kernels.MatMul;

static partial class DotTile
{
    static unsafe void AccumulateVector(in Rows weights, in Rows inputs, int columns, Span<float> lanes)
    {
        fixed (float* weight = &MemoryMarshal.GetReference(weights.Values))
        fixed (float* input = &MemoryMarshal.GetReference(inputs.Values))
        fixed (float* sums = &MemoryMarshal.GetReference(lanes))
            for (var token = 0; token < inputs.Count; token++)
                for (var row = 0; row < weights.Count; row++)
                    DotVector(weight + (nint)row * weights.Stride, input + (nint)token * inputs.Stride, columns,
                        sums + ((nint)token * weights.Count + row) * Lanes);
    }

    static unsafe void DotVector(float* weight, float* input, int columns, float* sums)
    {
        var sum0 = Vector128.Load(sums);
        var sum1 = Vector128.Load(sums + 4);
        var sum2 = Vector128.Load(sums + 8);
        var sum3 = Vector128.Load(sums + 12);
        for (nint column = 0; column < columns; column += Lanes)
        {
            sum0 = Vector128.FusedMultiplyAdd(Vector128.Load(weight + column), Vector128.Load(input + column), sum0);
            sum1 = Vector128.FusedMultiplyAdd(Vector128.Load(weight + column + 4), Vector128.Load(input + column + 4), sum1);
            sum2 = Vector128.FusedMultiplyAdd(Vector128.Load(weight + column + 8), Vector128.Load(input + column + 8), sum2);
            sum3 = Vector128.FusedMultiplyAdd(Vector128.Load(weight + column + 12), Vector128.Load(input + column + 12), sum3);
        }
        sum0.Store(sums);
        sum1.Store(sums + 4);
        sum2.Store(sums + 8);
        sum3.Store(sums + 12);
    }
}
