using Brickwork.Tensors.Operations;
using Brickwork.TestKit;

namespace Brickwork.Laws.Gradients;

static class SoftmaxGradients
{
    public static IEnumerable<GradientCase> Cases =>
        from shape in Shapes.All
        select new GradientCase
        {
            Name = $"Softmax of [{shape.Rows}, {shape.Columns}]",
            Operation = typeof(Softmax),
            Inputs = [[shape.Rows, shape.Columns]],
            Output = [shape.Rows, shape.Columns],
            Formula = inputs => Shapes.ByRow(inputs[0], shape.Columns, Forward),
            Backward = (compute, inputs, dy, gradients) =>
            {
                Softmax.Run(compute, inputs[0], inputs[0]);
                Softmax.Backward(compute, inputs[0], dy, gradients[0]!.Value);
            },
        };

    public static double[] Forward(double[] row)
    {
        var largest = row.Max();
        var sum = row.Sum(value => Math.Exp(value - largest));
        return [.. row.Select(value => Math.Exp(value - largest) / sum)];
    }
}
