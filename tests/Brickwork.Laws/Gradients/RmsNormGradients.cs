using Brickwork.Tensors.Operations;
using Brickwork.TestKit;

namespace Brickwork.Laws.Gradients;

static class RmsNormGradients
{
    public static IEnumerable<GradientCase> Cases =>
    [
        .. from shape in ((int Rows, int Columns)[])[(1, 5), (3, 2), (5, 33), (2, 130), (401, 96)]
           from hasGain in (bool[])[true, false]
           select Of(shape.Rows, shape.Columns, hasGain),
    ];

    static GradientCase Of(int rows, int columns, bool hasGain) => new()
    {
        Name = $"RmsNorm of [{rows}, {columns}]{(hasGain ? "" : " without gain")}",
        Operation = typeof(RmsNorm),
        Inputs = hasGain ? [[rows, columns], [columns]] : [[rows, columns]],
        Output = [rows, columns],
        Formula = inputs => Forward(inputs[0], hasGain ? inputs[1] : null, columns),
        Backward = (compute, inputs, dy, gradients) => RmsNorm.Backward(
            compute, inputs[0], hasGain ? inputs[1] : null, 0.01f, dy, gradients[0], hasGain ? gradients[1] : null),
    };

    static double[] Forward(double[] x, double[]? gain, int columns)
    {
        var y = new double[x.Length];
        for (var first = 0; first < x.Length; first += columns)
        {
            var squares = x.Skip(first).Take(columns).Sum(value => value * value);
            var scale = 1 / Math.Sqrt(squares / columns + 0.01f);
            for (var i = 0; i < columns; i++)
                y[first + i] = x[first + i] * scale * (gain?[i] ?? 1);
        }
        return y;
    }
}
