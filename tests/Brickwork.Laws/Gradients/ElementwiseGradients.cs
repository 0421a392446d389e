using Brickwork.Tensors.Operations;
using Brickwork.TestKit;

namespace Brickwork.Laws.Gradients;

/// <summary>Operations that work value by value. Those in place turn the gradient of what they wrote into that of what was there.</summary>
static class ElementwiseGradients
{
    public static IEnumerable<GradientCase> Cases => Shapes.All.SelectMany(shape => Of(shape.Rows, shape.Columns));

    static IEnumerable<GradientCase> Of(int rows, int columns)
    {
        var plain = new GradientCase
        {
            Name = "",
            Operation = typeof(Add),
            Inputs = [[rows, columns], [rows, columns]],
            Output = [rows, columns],
            Formula = inputs => inputs[0],
            Backward = (_, _, _, _) => { },
        };
        yield return plain with
        {
            Name = $"Add of [{rows}, {columns}]",
            Formula = inputs => Zip(inputs, (a, b) => a + b),
            Backward = (compute, _, dy, gradients) => Add.Backward(compute, dy, gradients[0], gradients[1]),
        };
        yield return plain with
        {
            Name = $"AddScaled of [{rows}, {columns}]",
            Operation = typeof(AddScaled),
            Formula = inputs => Zip(inputs, (a, b) => a + 0.7f * b),
            Backward = (compute, _, dy, gradients) =>
                EndInPlace(compute, dy, gradients, db => AddScaled.Backward(compute, dy, 0.7f, db)),
        };
        yield return plain with
        {
            Name = $"Multiply of [{rows}, {columns}]",
            Operation = typeof(Multiply),
            Formula = inputs => Zip(inputs, (a, b) => a * b),
            Backward = MultiplyBackward,
        };
        yield return plain with
        {
            Name = $"Multiply of [{rows}, {columns}] with one row",
            Operation = typeof(Multiply),
            Inputs = [[rows, columns], [columns]],
            Formula = inputs => [.. inputs[0].Select((a, i) => a * inputs[1][i % columns])],
            Backward = MultiplyBackward,
        };
        yield return plain with
        {
            Name = $"Scale of [{rows}, {columns}]",
            Operation = typeof(Scale),
            Inputs = [[rows, columns]],
            Formula = inputs => [.. inputs[0].Select(a => a * 0.7f)],
            Backward = (compute, _, dy, gradients) =>
            {
                Scale.Backward(compute, dy, 0.7f);
                EndInPlace(compute, dy, gradients, _ => { });
            },
        };
        yield return plain with
        {
            Name = $"SoftCap of [{rows}, {columns}]",
            Operation = typeof(SoftCap),
            Inputs = [[rows, columns]],
            Formula = inputs => [.. inputs[0].Select(a => 2 * Math.Tanh(a / 2))],
            Backward = (compute, inputs, dy, gradients) =>
            {
                SoftCap.Run(compute, inputs[0], 2);
                SoftCap.Backward(compute, inputs[0], 2, dy);
                EndInPlace(compute, dy, gradients, _ => { });
            },
        };
    }

    static void MultiplyBackward(Compute compute, Tensor[] inputs, Tensor dy, Tensor?[] gradients) =>
        Multiply.Backward(compute, inputs[0], inputs[1], dy, gradients[0], gradients[1]);

    static void EndInPlace(Compute compute, Tensor da, Tensor?[] gradients, Action<Tensor> addToSecond)
    {
        if (gradients.Length > 1 && gradients[1] is { } second)
            addToSecond(second);
        if (gradients[0] is { } first)
            Add.Run(compute, first, da);
    }

    static double[] Zip(double[][] inputs, Func<double, double, double> function) => [.. inputs[0].Zip(inputs[1], function)];
}
