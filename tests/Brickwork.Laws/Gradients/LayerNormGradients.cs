using Brickwork.Tensors.Operations;
using Brickwork.TestKit;

namespace Brickwork.Laws.Gradients;

static class LayerNormGradients
{
    public static IEnumerable<GradientCase> Cases =>
    [
        .. Shapes.All.Select(shape => Of(shape.Rows, shape.Columns, 1, hasGain: true)),
        .. Shapes.All.Select(shape => Of(shape.Rows, shape.Columns, 1, hasGain: false)),
        Of(3, 21, 3, hasGain: true),
        Of(401, 96, 4, hasGain: true),
    ];

    static GradientCase Of(int rows, int columns, int groups, bool hasGain) => new()
    {
        Name = $"LayerNorm of {groups} groups in [{rows}, {columns}]{(hasGain ? "" : " without gain and bias")}",
        Operation = typeof(LayerNorm),
        Inputs = hasGain ? [[rows, columns], [columns], [columns]] : [[rows, columns]],
        Output = [rows, columns],
        Formula = inputs =>
        {
            var standard = Shapes.ByRow(inputs[0], columns / groups, Standardize);
            return hasGain ? [.. standard.Select((value, i) => value * inputs[1][i % columns] + inputs[2][i % columns])] : standard;
        },
        Backward = (compute, inputs, dy, gradients) => LayerNorm.Backward(
            compute, inputs[0], hasGain ? inputs[1] : null, 0.01f, dy,
            gradients[0], hasGain ? gradients[1] : null, hasGain ? gradients[2] : null, groups),
    };

    static double[] Standardize(double[] row)
    {
        var mean = row.Average();
        var scale = 1 / Math.Sqrt(row.Average(value => (value - mean) * (value - mean)) + 0.01f);
        return [.. row.Select(value => (value - mean) * scale)];
    }
}
