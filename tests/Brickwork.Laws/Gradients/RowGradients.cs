using Brickwork.Tensors.Operations;
using Brickwork.TestKit;

namespace Brickwork.Laws.Gradients;

static class RowGradients
{
    public static IEnumerable<GradientCase> Cases =>
    [
        .. from shape in Shapes.All select LengthOf(shape.Rows, shape.Columns, 1e-3f),
        LengthOf(3, 7, 100),
        .. from shape in Shapes.All select GatherOf(shape.Rows, shape.Columns),
    ];

    static GradientCase LengthOf(int rows, int columns, float epsilon) => new()
    {
        Name = $"L2Normalize of [{rows}, {columns}], at least {epsilon}",
        Operation = typeof(L2Normalize),
        Inputs = [[rows, columns]],
        Output = [rows, columns],
        Formula = inputs => Shapes.ByRow(inputs[0], columns, row =>
            [.. row.Select(value => value / Math.Max(epsilon, FiniteDifferences.Length(row)))]),
        Backward = (compute, inputs, dy, gradients) => L2Normalize.Backward(compute, inputs[0], epsilon, dy, gradients[0]!.Value),
    };

    static GradientCase GatherOf(int rows, int columns)
    {
        // Some rows are chosen often, some never.
        var chosen = Enumerable.Range(0, 2 * rows + 1).Select(i => i * i % rows).ToArray();
        return new()
        {
            Name = $"Gather from [{rows}, {columns}]",
            Operation = typeof(Gather),
            Inputs = [[rows, columns]],
            Output = [chosen.Length, columns],
            Formula = inputs => [.. chosen.SelectMany(row => inputs[0].Skip(row * columns).Take(columns))],
            Backward = (compute, _, dy, gradients) => Gather.Backward(compute, chosen, dy, gradients[0]!.Value),
        };
    }
}
