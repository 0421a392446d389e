using Brickwork.Tensors.Operations;
using Brickwork.Tensors.Weights;
using Brickwork.TestKit;

namespace Brickwork.Laws.Gradients;

static class CodedGradients
{
    public static IEnumerable<GradientCase> Cases =>
    [
        .. from size in ((int, int, int)[])[(1, 1, 1), (5, 7, 3), (17, 16, 33)] select ProductOf(size),
        .. from shape in Shapes.All select FactorOf(shape.Rows, shape.Columns),
    ];

    static GradientCase ProductOf((int Tokens, int Inputs, int Outputs) size)
    {
        var (tokens, inputs, outputs) = size;
        var signs = Enumerable.Range(0, outputs * inputs).Select(index => index * index % 5 < 2 ? 1 : -1).ToArray();
        var matrix = new SignMatrix(SignMatrix.Of(outputs, inputs, (row, values) =>
        {
            for (var column = 0; column < inputs; column++)
                values[column] = signs[row * inputs + column];
        }), inputs);
        return new()
        {
            Name = $"Product of [{tokens}, {inputs}] and signs [{outputs}, {inputs}]",
            Operation = typeof(CodedProduct),
            Inputs = [[tokens, inputs]],
            Output = [tokens, outputs],
            Formula = values =>
            [
                .. from token in Enumerable.Range(0, tokens)
                   from output in Enumerable.Range(0, outputs)
                   select Enumerable.Range(0, inputs).Sum(input => values[0][token * inputs + input] * signs[output * inputs + input]),
            ],
            Backward = (compute, _, dy, gradients) => CodedProduct.Backward(compute, matrix, dy, gradients[0]!.Value),
        };
    }

    static GradientCase FactorOf(int rows, int columns) => new()
    {
        Name = $"ScaleBy of [{rows}, {columns}]",
        Operation = typeof(ScaleBy),
        Inputs = [[rows, columns], [1]],
        Output = [rows, columns],
        Formula = inputs => [.. inputs[0].Select(value => value * inputs[1][0])],
        Backward = (compute, inputs, dy, gradients) => ScaleBy.Backward(compute, inputs[0], inputs[1], dy, gradients[0], gradients[1]),
    };
}
