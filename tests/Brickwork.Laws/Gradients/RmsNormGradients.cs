using Brickwork.Tensors.Operations;
using Brickwork.TestKit;

namespace Brickwork.Laws.Gradients;

static class RmsNormGradients
{
    public static IEnumerable<GradientCase> Cases =>
        from shape in Shapes.All
        from hasGain in (bool[])[true, false]
        select Of(shape.Rows, shape.Columns, hasGain);

    static GradientCase Of(int rows, int columns, bool hasGain) => new()
    {
        Name = $"RmsNorm of [{rows}, {columns}]{(hasGain ? "" : " without gain")}",
        Operation = typeof(RmsNorm),
        Inputs = hasGain ? [[rows, columns], [columns]] : [[rows, columns]],
        Output = [rows, columns],
        Formula = inputs => Shapes.ByRow(inputs[0], columns, row => Forward(row, hasGain ? inputs[1] : null)),
        Backward = (compute, inputs, dy, gradients) => RmsNorm.Backward(
            compute, inputs[0], hasGain ? inputs[1] : null, 0.01f, dy, gradients[0], hasGain ? gradients[1] : null),
    };

    static double[] Forward(double[] row, double[]? gain)
    {
        var scale = 1 / Math.Sqrt(row.Average(value => value * value) + 0.01f);
        return [.. row.Select((value, i) => value * scale * (gain?[i] ?? 1))];
    }
}
