using Brickwork.Models.Parts;
using Brickwork.Tensors.Operations;
using Brickwork.TestKit;

namespace Brickwork.Laws.Gradients;

/// <summary>What a mixture of experts is made of.</summary>
static class ExpertGradients
{
    public static IEnumerable<GradientCase> Cases =>
    [
        .. from shape in Shapes.All select ScatterOf(shape.Rows, shape.Columns),
        .. from shape in Shapes.All from used in (int[])[1, 3] select SumOf(shape.Rows, used, shape.Columns),
        .. from gate in Enum.GetValues<ExpertGate>() from normalize in (bool[])[false, true] select RoutingOf(gate, normalize),
    ];

    static GradientCase ScatterOf(int rows, int columns)
    {
        int[] places = [.. Enumerable.Range(0, rows).Select(row => rows - 1 - row)];
        return new()
        {
            Name = $"Scatter of [{rows}, {columns}]",
            Operation = typeof(Scatter),
            Inputs = [[rows, columns]],
            Output = [rows, columns],
            Formula = inputs => [.. places.SelectMany(place => inputs[0].Skip(place * columns).Take(columns))],
            Backward = (compute, _, dy, gradients) => Scatter.Backward(compute, places, dy, gradients[0]!.Value),
        };
    }

    static GradientCase SumOf(int rows, int used, int columns) => new()
    {
        Name = $"WeightedSum of {used} x [{rows}, {columns}]",
        Operation = typeof(WeightedSum),
        Inputs = [[rows * used, columns], [rows, used]],
        Output = [rows, columns],
        Formula = inputs => [.. Enumerable.Range(0, rows * columns).Select(index => Enumerable.Range(index / columns * used, used)
            .Sum(place => inputs[1][place] * inputs[0][place * columns + index % columns]))],
        Backward = (compute, inputs, dy, gradients) => WeightedSum.Backward(compute, inputs[0], inputs[1], dy, gradients[0], gradients[1]),
    };

    /// <summary>The weights of the experts 4, 0 and 3, as if they had been chosen.</summary>
    static GradientCase RoutingOf(ExpertGate gate, bool normalize)
    {
        const float Scale = 2.5f;
        int[] experts = [4, 0, 3];
        var routing = new ExpertRouting { Used = 3, Gate = gate, Normalize = normalize, Scale = Scale };
        double[] Scores(double[] logits) => gate switch
        {
            ExpertGate.Softmax => SoftmaxGradients.Forward(logits),
            ExpertGate.Sigmoid => [.. logits.Select(logit => 1 / (1 + Math.Exp(-logit)))],
            _ => logits,
        };
        return new()
        {
            Name = $"Weights of experts by {gate}{(normalize ? ", normalized" : "")}",
            Operation = typeof(ExpertRouting),
            Inputs = [[6]],
            Output = [3],
            Formula = inputs =>
            {
                double[] chosen = [.. experts.Select(expert => Scores(inputs[0])[expert])];
                if (gate == ExpertGate.SoftmaxOfChosen)
                    chosen = SoftmaxGradients.Forward(chosen);
                else if (normalize)
                    chosen = [.. chosen.Select(score => score / chosen.Sum())];
                return [.. chosen.Select(weight => Scale * weight)];
            },
            Backward = (_, inputs, dy, gradients) => routing.Backward(
                Scores([.. inputs[0].Floats.ToArray().Select(logit => (double)logit)]).Select(score => (float)score).ToArray(), experts, dy.Floats, gradients[0]!.Value.Floats),
        };
    }
}
