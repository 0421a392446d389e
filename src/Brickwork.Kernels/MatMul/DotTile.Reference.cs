namespace Brickwork.Kernels.MatMul;

static partial class DotTile
{
    static void AccumulateReference(in Rows weights, in Rows inputs, int columns, Span<float> lanes)
    {
        for (var token = 0; token < inputs.Count; token++)
        {
            var input = inputs.Values.Slice(token * inputs.Stride, columns);
            for (var row = 0; row < weights.Count; row++)
            {
                var weight = weights.Values.Slice(row * weights.Stride, columns);
                var sums = lanes.Slice((token * weights.Count + row) * Lanes, Lanes);
                for (var column = 0; column < columns; column++)
                    sums[column % Lanes] = MathF.FusedMultiplyAdd(weight[column], input[column], sums[column % Lanes]);
            }
        }
    }

    static void ReduceReference(ReadOnlySpan<float> lanes, Span<float> sums)
    {
        for (var index = 0; index < sums.Length; index++)
        {
            var lane = lanes.Slice(index * Lanes, Lanes);
            sums[index] = (Quarter(lane, 0) + Quarter(lane, 1)) + (Quarter(lane, 2) + Quarter(lane, 3));
        }
    }

    /// <summary>The lanes that share a remainder by 4: what is left after halving 16 lanes twice.</summary>
    static float Quarter(ReadOnlySpan<float> lane, int index) => (lane[index] + lane[index + 8]) + (lane[index + 4] + lane[index + 12]);
}
