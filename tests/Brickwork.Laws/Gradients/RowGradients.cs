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
        .. from shape in Shapes.All where shape.Rows > 1 select PutOf(shape.Rows, shape.Columns),
        .. from shape in Shapes.All select ColumnsOf(shape.Rows, shape.Columns),
        .. from shape in Shapes.All from taps in (int[])[2, 4] select ConvolutionOf(shape.Rows, shape.Columns, taps),
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

    static GradientCase PutOf(int rows, int columns)
    {
        // Every other row is replaced, by one of two.
        int[] places = [.. Enumerable.Range(0, rows).Where(row => row % 2 == 0)], sources = [.. places.Select(place => place / 2 % 2)];
        return new()
        {
            Name = $"PutRows into [{rows}, {columns}]",
            Operation = typeof(PutRows),
            Inputs = [[rows, columns], [2, columns]],
            Output = [rows, columns],
            Formula = inputs => [.. Enumerable.Range(0, rows).SelectMany(row =>
                row % 2 == 0 ? inputs[1].Skip(row / 2 % 2 * columns).Take(columns) : inputs[0].Skip(row * columns).Take(columns))],
            Backward = (compute, _, dy, gradients) =>
            {
                PutRows.Backward(dy, gradients[1], places, sources);
                if (gradients[0] is { } before)
                    Add.Run(compute, before, dy);
            },
        };
    }

    static GradientCase ColumnsOf(int rows, int columns)
    {
        var (first, count, at) = (columns / 3, columns / 2, 1);
        return new()
        {
            Name = $"ColumnCopy of {count} of [{rows}, {columns}]",
            Operation = typeof(ColumnCopy),
            Inputs = [[rows, columns]],
            Output = [rows, count + 2],
            Formula = inputs => Shapes.ByRow(inputs[0], columns, row => [0, .. row.Skip(first).Take(count), 0]),
            Backward = (compute, _, dy, gradients) => ColumnCopy.Backward(compute, dy, at, count, gradients[0]!.Value, first),
        };
    }

    static GradientCase ConvolutionOf(int rows, int columns, int taps) => new()
    {
        Name = $"CausalConvolution of {taps} rows over [{rows}, {columns}]",
        Operation = typeof(CausalConvolution),
        Inputs = rows > 1 ? [[rows, columns], [columns, taps], [columns]] : [[rows, columns]],
        Output = [rows, columns],
        Formula = inputs =>
        {
            var y = new double[rows * columns];
            for (var i = 0; i < y.Length; i++)
            {
                y[i] = rows > 1 ? inputs[2][i % columns] : 0;
                for (var back = 0; back < taps && back <= i / columns; back++)
                    y[i] += inputs[0][i - back * columns] * (rows > 1 ? inputs[1][i % columns * taps + taps - 1 - back] : back + 0.5);
            }
            return y;
        },
        Backward = (compute, inputs, dy, gradients) => CausalConvolution.Backward(
            compute, inputs[0], rows > 1 ? inputs[1] : FixedKernel(columns, taps), dy,
            gradients[0], rows > 1 ? gradients[1] : null, rows > 1 ? gradients[2] : null),
    };

    static Tensor FixedKernel(int columns, int taps) =>
        Tensor.From([.. Enumerable.Range(0, columns * taps).Select(i => taps - 1 - i % taps + 0.5f)], columns, taps);
}
