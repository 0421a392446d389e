namespace Brickwork.Kernels.MatMul;

static partial class GemmTile
{
    static void RunReference(GemmTarget target, in GemmRows a, in GemmColumns b, GemmSize size, float alpha, Span<float> c, int stride)
    {
        for (var row = 0; row < size.Rows; row++)
            for (var column = 0; column < size.Columns; column++)
            {
                var first = row / Rows * a.TileStride + row % Rows * a.RowStride;
                var sum = 0f;
                for (var step = 0; step < size.Depth; step++)
                    sum = MathF.FusedMultiplyAdd(a.Values[first + step * a.StepStride], b.Values[step * b.StepStride + column], sum);
                ref var output = ref c[row * stride + column];
                output = MathF.FusedMultiplyAdd(alpha, sum, target == GemmTarget.Add ? output : 0);
            }
    }
}
