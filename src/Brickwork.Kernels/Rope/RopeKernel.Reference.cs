namespace Brickwork.Kernels.Rope;

static partial class RopeKernel
{
    static void RunReference(RopeStyle style, ReadOnlySpan<float> angles, Span<float> head, float direction)
    {
        var pairs = style == RopeStyle.HalfSplit ? angles.Length / 2 : angles.Length / 4;
        for (var pair = 0; pair < pairs; pair++)
        {
            var half = style == RopeStyle.HalfSplit;
            var (first, second) = half ? (pair, pair + pairs) : (2 * pair, 2 * pair + 1);
            var (cosine, sine) = half ? (angles[pair], angles[pairs + pair]) : (angles[2 * pair], angles[2 * pairs + 2 * pair + 1]);
            sine *= direction;
            var (x, y) = (head[first], head[second]);
            head[first] = x * cosine - y * sine;
            head[second] = x * sine + y * cosine;
        }
    }
}
