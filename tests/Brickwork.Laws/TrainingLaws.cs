using Brickwork.TestKit;

namespace Brickwork.Laws;

public class TrainingLaws
{
    const int Length = 13;

    static readonly Tolerance SumsInAnotherOrder = new(1e-6, 1e-4, "sums over rows in another order");

    [SkippableTheory, MemberData(nameof(EveryModel.All), MemberType = typeof(EveryModel))]
    public void The_loss_of_a_training_pass_is_that_of_reading_token_by_token(string name)
    {
        using var trainable = Open(name, new TrainableOptions { Threads = 2 });
        var batch = Batch(trainable.Model);
        var expected = 0.0;
        using var runner = trainable.Model.CreateRunner();
        var start = 0;
        foreach (var length in batch.Lengths)
        {
            using var sequence = runner.StartSequence();
            var logits = runner.Forward(sequence, batch.Tokens.AsSpan(start, length), LogitRows.All);
            for (var row = 0; row < length; row++)
                if (batch.Targets[start + row] >= 0)
                    expected += Nats(logits.Row(row), batch.Targets[start + row]);
            start += length;
        }

        var found = trainable.Evaluate(batch);

        found.Tokens.ShouldBe(batch.Scored);
        found.Nats.ShouldBe(expected, 2e-4 * expected, name);
        trainable.Accumulate(batch, 1).ShouldBe(found);
    }

    [SkippableTheory, MemberData(nameof(EveryModel.All), MemberType = typeof(EveryModel))]
    public void Every_parameter_learns_and_its_gradient_says_how_the_loss_changes(string name)
    {
        using var trainable = Open(name, new TrainableOptions { Threads = 2 });
        var batch = Batch(trainable.Model);
        trainable.Accumulate(batch, 1);
        foreach (var parameter in trainable.Parameters)
        {
            var (values, gradient) = (parameter.Value.Floats.ToArray(), parameter.Gradient.Floats.ToArray());
            var length = Math.Sqrt(gradient.Sum(slope => (double)slope * slope));
            length.ShouldBeGreaterThan(0, $"{name}: {parameter}");
            // A step along the gradient that changes the loss by about a hundredth of a nat, but no weight by much.
            var step = Math.Min(0.01 / length, 0.01 * Math.Sqrt(values.Sum(value => (double)value * value)));
            var slope = double.NaN;
            // Within a step another expert may be chosen, which has no slope: then a shorter one is taken.
            for (var distance = step; distance >= step / 16 && !(Math.Abs(slope - length) <= 0.03 * length); distance /= 4)
                slope = (LossAt(distance) - LossAt(-distance)) / (2 * distance);
            LossAt(0);
            slope.ShouldBe(length, 0.03 * length, $"{name}: {parameter}");

            double LossAt(double distance)
            {
                for (var index = 0; index < values.Length; index++)
                    parameter.Value.Floats[index] = (float)(values[index] + distance * gradient[index] / length);
                return trainable.Evaluate(batch).Nats;
            }
        }
    }

    [SkippableTheory, MemberData(nameof(EveryModel.Picos), MemberType = typeof(EveryModel))]
    public void Gradients_do_not_depend_on_threads_or_on_what_is_remembered(string name)
    {
        using var plain = Open(name, new TrainableOptions { Threads = 1 });
        using var other = Open(name, new TrainableOptions { Threads = 3, ReplaysLayers = true });
        var batch = Batch(plain.Model);
        for (var pass = 0; pass < 2; pass++)
            other.Accumulate(batch, 0.5f).ShouldBe(plain.Accumulate(batch, 0.5f));

        foreach (var (expected, found) in plain.Parameters.Zip(other.Parameters))
            found.Gradient.Floats.ToArray().ShouldBe(expected.Gradient.Floats.ToArray(), $"{name}: {expected}");
    }

    [Fact]
    public void Logits_in_small_chunks_give_the_gradients_of_one_chunk()
    {
        using var whole = Open("pico-llama-f32", new TrainableOptions());
        using var pieces = Open("pico-llama-f32", new TrainableOptions { LogitRows = 5 });
        var batch = Batch(whole.Model);
        pieces.Accumulate(batch, 1).Nats.ShouldBe(whole.Accumulate(batch, 1).Nats, 1e-9);

        foreach (var (expected, found) in whole.Parameters.Zip(pieces.Parameters))
            found.Gradient.Floats.ShouldBeClose(expected.Gradient.Floats, SumsInAnotherOrder, expected.Name);
    }

    [Fact]
    public void What_is_not_trained_keeps_its_memory_and_gets_no_gradient()
    {
        using var model = EveryModel.Load("pico-llama-q8_0", new LoadOptions());
        using var trainable = TrainableModel.From(model, new TrainableOptions { Trains = name => name.Contains("attn_q", StringComparison.Ordinal) });
        using var all = TrainableModel.From(model);
        var batch = Batch(model);
        trainable.Accumulate(batch, 1);
        all.Accumulate(batch, 1);

        trainable.Parameters.Count.ShouldBe(2);
        foreach (var parameter in trainable.Parameters)
            parameter.Gradient.Floats.ShouldBeClose(
                all.Parameters.Single(other => other.Name == parameter.Name).Gradient.Floats, SumsInAnotherOrder, parameter.Name);
        trainable.Model.Tensors.Single(tensor => tensor.Name == "blk.0.ffn_up.weight").Type.ShouldBe(DType.Q8_0);
    }

    [Fact]
    public void A_batch_that_does_not_fit_the_model_is_refused()
    {
        using var trainable = Open("pico-llama-f32", new TrainableOptions());
        var vocabulary = trainable.Model.Config.Vocabulary;
        Should.Throw<ArgumentException>(() => trainable.Accumulate(new TokenBatch([vocabulary], [0], [1]), 1)).Message.ShouldContain("vocabulary");
        Should.Throw<ArgumentException>(() => trainable.Accumulate(new TokenBatch([0], [vocabulary], [1]), 1)).Message.ShouldContain("vocabulary");
        Should.Throw<ArgumentException>(() => trainable.Accumulate(new TokenBatch(new int[300], new int[300], [300]), 1)).Message.ShouldContain("context");
        Should.Throw<UnsupportedModelException>(() => Open("pico-llama-f32", new TrainableOptions { Trains = _ => false })).Message.ShouldContain("Nothing");
    }

    /// <summary>Two sequences; the first tokens of the second are not scored.</summary>
    static TokenBatch Batch(LanguageModel model)
    {
        var tokens = Rows.Tokens(model, 2 * Length + 4);
        int[] targets = [.. tokens.Skip(1).Append(tokens[0])];
        targets.AsSpan(Length, 3).Fill(-1);
        return new TokenBatch(tokens, targets, [Length, Length + 4]);
    }

    static double Nats(ReadOnlySpan<float> logits, int target)
    {
        var (largest, sum) = (double.NegativeInfinity, 0.0);
        foreach (var logit in logits)
            largest = Math.Max(largest, logit);
        foreach (var logit in logits)
            sum += Math.Exp(logit - largest);
        return largest + Math.Log(sum) - logits[target];
    }

    static TrainableModel Open(string name, TrainableOptions options)
    {
        using var model = EveryModel.Load(name, new LoadOptions());
        try
        {
            return TrainableModel.From(model, options);
        }
        catch (UnsupportedModelException fault) when (fault.Message.Contains("cannot be trained", StringComparison.Ordinal)
            || fault.Message.Contains("has no head", StringComparison.Ordinal))
        {
            throw new SkipException(fault.Message);
        }
    }
}
