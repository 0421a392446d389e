using Brickwork.Kernels.Activations;
using Brickwork.Kernels.Rope;
using Brickwork.Tensors.Autograd;
using Brickwork.Tensors.Operations;
using Brickwork.Tensors.Storage;
using Brickwork.TestKit;

namespace Brickwork.Laws.Gradients;

/// <summary>Operations recorded one after another, in fresh memory and in place, with values that are used more than once.</summary>
static class TapeGradients
{
    const int Rows = 7;
    const int Columns = 24;
    const float Epsilon = 0.01f;

    static readonly int[] Positions = [3, 1, 4, 1, 5, 9, 2];
    static readonly int[] Chosen = [4, 0, 2, 2, 1, 2, 4];
    static readonly RopeTable Angles = new(new RopeOptions { Width = 6, Base = 100 });
    static readonly Tensor Fixed = Tensor.From([.. Enumerable.Range(0, Columns).Select(i => 0.8f + 0.02f * i)], Columns);

    public static IEnumerable<GradientCase> Cases =>
    [
        new()
        {
            Name = "A chain of recorded operations",
            Operation = typeof(Tape),
            Inputs = [[Rows, Columns], [Columns], [Rows, Columns], [5, Columns], [Columns]],
            Output = [Rows, Columns],
            Formula = inputs => Chain(inputs[0], inputs[1], inputs[2], inputs[3], inputs[4]),
            Backward = RunBackwards,
        },
    ];

    static void RunBackwards(Compute compute, Tensor[] inputs, Tensor dy, Tensor?[] gradients)
    {
        using var arena = new Arena();
        using var tape = new Tape(compute, arena);
        var found = inputs.Zip(gradients, (input, gradient) => gradient is null ? (Tensor?)null : tape.Watch(input)).ToArray();
        var start = tape.Here();
        // What the arena holds is undefined at first, and so are the gradients in its shadow.
        var scratch = tape.Take(400, Columns);
        scratch.Floats.Fill(float.NaN);
        tape.Gradient(scratch).Floats.Fill(float.NaN);
        tape.Forget(start);

        var output = Chain(tape, inputs[0], inputs[1], inputs[2], inputs[3], inputs[4]);
        dy.Floats.CopyTo(tape.Gradient(output).Floats);
        tape.Backward(start);
        tape.Forget(start);
        for (var index = 0; index < found.Length; index++)
            if (found[index] is { } gradient)
                Add.Run(compute, gradients[index]!.Value, gradient.Reshape(gradients[index]!.Value.Rows, gradients[index]!.Value.Columns));
    }

    static Tensor Chain(Tape tape, Tensor x, Tensor gain, Tensor b, Tensor table, Tensor bias)
    {
        var compute = tape.Compute;
        var normed = tape.Take(Rows, Columns);
        RmsNorm.Run(compute, x, gain, Epsilon, normed);
        RmsNorm.Record(tape, x, gain, Epsilon, normed);
        var product = tape.Take(Rows, Columns);
        Multiply.Run(compute, normed, b, product);
        Multiply.Record(tape, normed, b, product);
        var active = tape.Take(Rows, Columns);
        Activation.Run(compute, ActivationKind.Silu, product, normed, active);
        Activation.Record(tape, ActivationKind.Silu, product, normed, active);
        Scale.Run(compute, active, 0.7f);
        Scale.Record(tape, active, 0.7f);
        Rope.Run(compute, active, Positions, Angles, 3, 8);
        Rope.Record(tape, active, Positions, Angles, 3, 8);
        var rows = tape.Take(Rows, Columns);
        Gather.Run(table, Chosen, rows);
        Gather.Record(tape, table, Chosen, rows);
        var sum = tape.Take(Rows, Columns);
        Add.Run(compute, active, rows, sum);
        Add.Record(tape, active, rows, sum);
        Add.Run(compute, sum, x);
        Add.Record(tape, sum, x, sum);
        AddScaled.Run(compute, sum, product, 0.3f);
        AddScaled.Record(tape, sum, product, 0.3f);
        Multiply.Run(compute, sum, Fixed);
        Multiply.Record(tape, sum, Fixed, sum);
        SoftCap.Run(compute, sum, 2);
        SoftCap.Record(tape, sum, 2);
        return Ends(tape, sum, gain, bias);
    }

    static Tensor Ends(Tape tape, Tensor sum, Tensor gain, Tensor bias)
    {
        var compute = tape.Compute;
        var standard = tape.Take(Rows, Columns);
        LayerNorm.Run(compute, sum, gain, bias, Epsilon, standard);
        LayerNorm.Record(tape, sum, gain, bias, Epsilon, standard);
        var shares = tape.Take(Rows, Columns);
        Softmax.Run(compute, standard, shares);
        Softmax.Record(tape, standard, shares);
        var joined = tape.Take(Rows, Columns / 2);
        Activation.RunJoined(compute, ActivationKind.GeluTanh, shares, joined);
        Activation.RecordJoined(tape, ActivationKind.GeluTanh, shares, joined);
        // Two views of the output: the gradient of a part is a part of the gradient.
        var output = tape.Take(2 * Rows, Columns / 2);
        var (upper, lower) = (output.SliceRows(0, Rows), output.SliceRows(Rows, Rows));
        L2Normalize.Run(compute, joined, 1e-6f, upper);
        L2Normalize.Record(tape, joined, 1e-6f, upper);
        Add.Run(compute, upper, joined, lower);
        Add.Record(tape, upper, joined, lower);
        return output;
    }

    static double[] Chain(double[] x, double[] gain, double[] b, double[] table, double[] bias)
    {
        var normed = Shapes.ByRow(x, Columns, row =>
        {
            var scale = 1 / Math.Sqrt(row.Average(value => value * value) + Epsilon);
            return [.. row.Select((value, i) => value * scale * gain[i])];
        });
        double[] product = [.. normed.Zip(b, (value, factor) => value * factor)];
        double[] active = [.. product.Zip(normed, (gate, up) => 0.7f * up * gate / (1 + Math.Exp(-gate)))];
        for (var head = 0; head < 3 * Rows; head++)
            for (var pair = 0; pair < 3; pair++)
            {
                var (sine, cosine) = Math.SinCos(Positions[head / 3] * Angles.Frequencies[pair]);
                var (first, second) = (active[head * 8 + pair], active[head * 8 + pair + 3]);
                (active[head * 8 + pair], active[head * 8 + pair + 3]) = (first * cosine - second * sine, first * sine + second * cosine);
            }
        var capped = new double[x.Length];
        for (var i = 0; i < x.Length; i++)
        {
            var sum = active[i] + table[Chosen[i / Columns] * Columns + i % Columns] + x[i] + 0.3f * product[i];
            capped[i] = 2 * Math.Tanh(sum * Fixed.Floats[i % Columns] / 2);
        }
        return Ends(capped, gain, bias);
    }

    static double[] Ends(double[] capped, double[] gain, double[] bias)
    {
        var joined = Shapes.ByRow(capped, Columns, row =>
        {
            var mean = row.Average();
            var scale = 1 / Math.Sqrt(row.Average(value => (value - mean) * (value - mean)) + Epsilon);
            var shares = SoftmaxGradients.Forward([.. row.Select((value, i) => (value - mean) * scale * gain[i] + bias[i])]);
            return [.. shares.Take(Columns / 2).Zip(shares.Skip(Columns / 2), (gate, up) => ActivationGradients.Value(ActivationKind.GeluTanh, gate, up))];
        });
        var upper = Shapes.ByRow(joined, Columns / 2, row => [.. row.Select(value => value / FiniteDifferences.Length(row))]);
        return [.. upper, .. upper.Zip(joined, (a, b) => a + b)];
    }
}
