using Brickwork.Laws.Gradients;
using Brickwork.TestKit;

namespace Brickwork.Laws;

/// <summary>Losses and gradients of whole models against the same models in double precision.</summary>
public class WholeModelGradientLaws
{
    const int Directions = 3;

    // Weights are F32 and so is every step of the pass; what is lost is a few roundings of each value on the way.
    const double Error = 1e-5;

    static readonly Dictionary<string, Func<MemoryCheckpoint>> Models = new()
    {
        ["llama"] = () => PicoModel.LlamaCheckpoint(),
        ["gemma2"] = () => PicoModel.WindowedCheckpoint(seed: 7),
    };

    public static TheoryData<string, InstructionSet> Cases()
    {
        var cases = new TheoryData<string, InstructionSet>();
        foreach (var name in Models.Keys)
            foreach (var path in InstructionSets.Supported)
                cases.Add(name, path);
        return cases;
    }

    [Theory, MemberData(nameof(Cases))]
    public void The_gradient_of_every_parameter_matches_finite_differences_in_double_precision(string name, InstructionSet path)
    {
        using var checkpoint = Models[name]();
        using var trainable = TrainableModel.From(checkpoint, new TrainableOptions { Threads = 2, InstructionSet = path });
        var model = new DoubleModel(checkpoint);
        var batch = Batch();
        var random = new Random(11);

        trainable.Accumulate(batch, 1).Nats.ShouldBe(model.Loss(batch), 1e-6 * model.Loss(batch));

        trainable.Parameters.Count.ShouldBe(checkpoint.Tensors.Count);
        foreach (var parameter in trainable.Parameters)
        {
            double[] found = [.. parameter.Gradient.Floats.ToArray().Select(value => (double)value)];
            for (var trial = 0; trial < Directions; trial++)
            {
                double[] direction = [.. found.Select(_ => random.Next(2) * 2 - 1.0)];
                var slope = FiniteDifferences.Slope(Loss, [model[parameter.Name]], 0, direction, [1]);
                var error = Math.Abs(FiniteDifferences.Dot(found, direction) - slope) / FiniteDifferences.Length(found);
                error.ShouldBeLessThanOrEqualTo(Error, $"{name} on {path}: {parameter}");
            }

            double[] Loss(double[][] weights)
            {
                var before = model[parameter.Name];
                model[parameter.Name] = weights[0];
                var loss = model.Loss(batch);
                model[parameter.Name] = before;
                return [loss];
            }
        }
    }

    /// <summary>Two sequences, one longer than a window, with some tokens that are not scored.</summary>
    static TokenBatch Batch()
    {
        var random = new Random(5);
        int[] tokens = [.. Enumerable.Range(0, 41).Select(_ => random.Next(PicoModel.Vocabulary))];
        int[] targets = [.. tokens.Select((_, place) => place % 5 == 1 ? -1 : random.Next(PicoModel.Vocabulary))];
        return new TokenBatch(tokens, targets, [PicoModel.Window + 5, 12]);
    }
}
