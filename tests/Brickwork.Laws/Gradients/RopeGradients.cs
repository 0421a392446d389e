using Brickwork.Kernels.Rope;
using Brickwork.Tensors.Operations;
using Brickwork.TestKit;

namespace Brickwork.Laws.Gradients;

static class RopeGradients
{
    public static IEnumerable<GradientCase> Cases =>
        from style in Enum.GetValues<RopeStyle>()
        from shape in ((int Rows, int Heads, int Width, int Turning, int Offset)[])[(2, 1, 6, 6, 0), (3, 3, 37, 34, 1), (5, 2, 24, 10, 14), (300, 2, 64, 64, 0)]
        select Of(style, shape.Rows, shape.Heads, shape.Width, shape.Turning, shape.Offset);

    static GradientCase Of(RopeStyle style, int rows, int heads, int width, int turning, int offset)
    {
        var table = new RopeTable(new RopeOptions { Style = style, Width = turning, Base = 100, Magnitude = 1.2 });
        var positions = Enumerable.Range(0, rows).Select(row => row * 3 % 50).ToArray();
        return new()
        {
            Name = $"Rope, {style}, {rows} rows of {heads} heads of {width}, {turning} from {offset} on",
            Operation = typeof(Rope),
            Inputs = [[rows, heads * width]],
            Output = [rows, heads * width],
            Formula = inputs =>
            {
                var y = inputs[0].ToArray();
                for (var head = 0; head < rows * heads; head++)
                    Turn(table, positions[head / heads], y.AsSpan(head * width + offset, turning));
                return y;
            },
            Backward = (compute, _, dy, gradients) =>
            {
                Rope.Backward(compute, dy, positions, table, heads, width, offset);
                Add.Run(compute, gradients[0]!.Value, dy);
            },
        };
    }

    static void Turn(RopeTable table, int position, Span<double> head)
    {
        var pairs = head.Length / 2;
        for (var pair = 0; pair < pairs; pair++)
        {
            var (first, second) = table.Style == RopeStyle.HalfSplit ? (pair, pair + pairs) : (2 * pair, 2 * pair + 1);
            var (sine, cosine) = Math.SinCos(position * table.Frequencies[pair]);
            var (x, y) = (head[first], head[second]);
            head[first] = (x * cosine - y * sine) * table.Magnitude;
            head[second] = (x * sine + y * cosine) * table.Magnitude;
        }
    }
}
