using Brickwork.Tensors.Operations;
using Brickwork.TestKit;

namespace Brickwork.Laws.Gradients;

static class ProductGradients
{
    public static IEnumerable<GradientCase> Cases =>
    [
        .. from size in ((int, int, int)[])[(1, 1, 1), (5, 7, 3), (17, 16, 33), (3, 70, 130), (300, 33, 20)] select ProductOf(size),
        .. from shape in Shapes.All select BiasOf(shape.Rows, shape.Columns),
    ];

    static GradientCase ProductOf((int Tokens, int Inputs, int Outputs) size)
    {
        var (tokens, inputs, outputs) = size;
        return new()
        {
            Name = $"Product of [{tokens}, {inputs}] and [{outputs}, {inputs}]",
            Operation = typeof(MatMul),
            Inputs = [[tokens, inputs], [outputs, inputs]],
            Output = [tokens, outputs],
            Formula = values =>
            [
                .. from token in Enumerable.Range(0, tokens)
                   from output in Enumerable.Range(0, outputs)
                   select Enumerable.Range(0, inputs).Sum(input => values[0][token * inputs + input] * values[1][output * inputs + input]),
            ],
            Backward = (compute, values, dy, gradients) => MatMul.Backward(compute, values[0], values[1], dy, gradients[0], gradients[1]),
        };
    }

    static GradientCase BiasOf(int rows, int columns) => new()
    {
        Name = $"AddRow to [{rows}, {columns}]",
        Operation = typeof(AddRow),
        Inputs = [[columns]],
        Output = [rows, columns],
        Formula = values => [.. Enumerable.Repeat(values[0], rows).SelectMany(row => row)],
        Backward = (compute, _, dy, gradients) => AddRow.Backward(compute, dy, gradients[0]!.Value),
    };
}
