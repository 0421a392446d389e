using Brickwork.Kernels.CrossEntropy;
using Brickwork.Tensors.Operations;
using Brickwork.TestKit;

namespace Brickwork.Laws.Gradients;

/// <summary>The losses, whose output is one number and whose gradient takes the place of the logits.</summary>
static class LossGradients
{
    const float Temperature = 1.7f;

    public static IEnumerable<GradientCase> Cases =>
    [
        .. from shape in Shapes.All select CrossEntropyOf(shape.Rows, shape.Columns),
        .. from kind in Enum.GetValues<DivergenceKind>() from shape in Shapes.All select DivergenceOf(kind, shape.Rows, shape.Columns),
    ];

    static GradientCase CrossEntropyOf(int rows, int columns)
    {
        var targets = Targets(rows, columns);
        return new()
        {
            Name = $"CrossEntropy of [{rows}, {columns}]",
            Operation = typeof(CrossEntropy),
            Inputs = [[rows, columns]],
            Output = [1],
            Formula = inputs => [inputs[0].Chunk(columns).Select((row, i) => targets[i] < 0 ? 0 : -Math.Log(SoftmaxGradients.Forward(row)[targets[i]])).Sum()],
            Backward = (compute, inputs, dy, gradients) =>
            {
                CrossEntropy.Backward(compute, inputs[0], targets, dy.Floats[0]);
                Add.Run(compute, gradients[0]!.Value, inputs[0]);
            },
        };
    }

    static GradientCase DivergenceOf(DivergenceKind kind, int rows, int columns)
    {
        var targets = Targets(rows, columns);
        var teacher = Tensor.Zeros(rows, columns);
        var random = new Random(columns);
        foreach (ref var value in teacher.Floats)
            value = (float)(random.NextDouble() * 4 - 2);
        var given = teacher.Floats.ToArray().Chunk(columns).ToArray();
        return new()
        {
            Name = $"Divergence, {kind} of [{rows}, {columns}]",
            Operation = typeof(Divergence),
            Inputs = [[rows, columns]],
            Output = [1],
            Formula = inputs => [inputs[0].Chunk(columns).Select((row, i) => targets[i] < 0 ? 0 : Distance(kind, row, given[i])).Sum()],
            Backward = (compute, inputs, dy, gradients) =>
            {
                Divergence.Backward(compute, kind, inputs[0], teacher, targets, Temperature, dy.Floats[0]);
                Add.Run(compute, gradients[0]!.Value, inputs[0]);
            },
        };
    }

    static double Distance(DivergenceKind kind, double[] student, float[] teacher)
    {
        var own = SoftmaxGradients.Forward([.. student.Select(value => value / Temperature)]);
        var given = SoftmaxGradients.Forward([.. teacher.Select(value => (double)value / Temperature)]);
        var (first, second) = kind == DivergenceKind.Forward ? (given, own) : (own, given);
        return Temperature * Temperature * first.Zip(second, (p, q) => p * Math.Log(p / q)).Sum();
    }

    static int[] Targets(int rows, int columns) => [.. Enumerable.Range(0, rows).Select(row => row % 3 == 2 ? RowLosses.NotScored : row * 7 % columns)];
}
