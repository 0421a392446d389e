using Brickwork.TestKit;

namespace Brickwork.Models.Tests.BadInput;

public class BadTensorTests
{
    [Theory, MemberData(nameof(BadModel.Picos), MemberType = typeof(BadModel))]
    public void A_missing_tensor_is_named(string pico)
    {
        var checkpoint = BadModel.Pico(pico);
        foreach (var tensor in checkpoint.Tensors)
            if (tensor.Name == "output.weight")
                BadModel.Fault(checkpoint.Without(tensor.Name), "a model without a head of its own uses its embeddings").ShouldBeNull();
            else if (tensor.Name.EndsWith("ffn_gate_inp.weight", StringComparison.Ordinal))
                // A layer without router is taken for one without experts.
                BadModel.MustFail(checkpoint.Without(tensor.Name), tensor.Name).Message.ShouldContain("ffn_up.weight");
            else
                BadModel.MustFail(checkpoint.Without(tensor.Name), tensor.Name).Message.ShouldContain($"'{tensor.Name}'");
    }

    [Theory, MemberData(nameof(BadModel.Picos), MemberType = typeof(BadModel))]
    public void A_tensor_of_a_wrong_shape_is_named_with_both_shapes(string pico)
    {
        var checkpoint = BadModel.Pico(pico);
        foreach (var tensor in checkpoint.Tensors)
            foreach (var shape in WrongShapes(tensor))
            {
                var fault = BadModel.MustFail(checkpoint.With(tensor.Name, Tensor.Zeros(tensor.Type, shape)), $"{tensor.Name} as {new Shape(shape)}");
                // Of several tensors that must fit, the message may name the other one; the number of tokens is known by the embeddings only.
                fault.Message.ShouldContain("[");
                fault.Message.ShouldContain("expected", Case.Insensitive, $"{tensor.Name} as {new Shape(shape)}");
            }
    }

    [Theory]
    [InlineData("llama")]
    [InlineData("quantized")]
    public void A_tensor_nobody_asked_for_is_named(string pico)
    {
        var fault = BadModel.MustFail(BadModel.Pico(pico).Add("blk.0.attn_surprise.weight", Tensor.Zeros(4, 4)), pico);
        fault.ShouldBeOfType<UnsupportedModelException>().Message.ShouldContain("blk.0.attn_surprise.weight");
    }

    [Fact]
    public void Weights_stored_as_whole_numbers_are_refused()
    {
        var checkpoint = BadModel.Pico("llama");
        foreach (var tensor in checkpoint.Tensors)
            BadModel.MustFail(checkpoint.With(tensor.Name, Tensor.Zeros(DType.I32, Dimensions(tensor.Shape))), tensor.Name).Message.ShouldContain("I32");
    }

    [Theory]
    [InlineData(DType.F16)]
    [InlineData(DType.BF16)]
    [InlineData(DType.F64)]
    public void Every_tensor_may_be_stored_in_every_floating_type(DType type)
    {
        var checkpoint = BadModel.Pico("mixture");
        foreach (var tensor in checkpoint.Tensors)
            BadModel.Fault(checkpoint.With(tensor.Name, Tensor.Zeros(type, Dimensions(tensor.Shape))), tensor.Name).ShouldBeNull();
    }

    [Theory]
    [InlineData("llama", float.NaN)]
    [InlineData("mixture", float.PositiveInfinity)]
    [InlineData("windowed", float.NegativeInfinity)]
    public void Weights_that_are_not_numbers_are_noticed_and_named(string pico, float value)
    {
        var checkpoint = BadModel.Pico(pico);
        foreach (var tensor in checkpoint.Tensors)
        {
            var spoiled = Tensor.Zeros(Dimensions(tensor.Shape));
            checkpoint.Open(tensor.Name).Floats.CopyTo(spoiled.Floats);
            spoiled.Floats.Fill(value);
            BadModel.MustFail(checkpoint.With(tensor.Name, spoiled), tensor.Name).Message.ShouldContain($"'{tensor.Name}'");
        }
    }

    [Fact]
    public void Numbers_that_grow_beyond_all_bounds_are_noticed_though_every_weight_is_finite()
    {
        var checkpoint = BadModel.Pico("llama");
        var huge = Tensor.Zeros(PicoModel.Width);
        huge.Floats.Fill(1e38f);
        BadModel.MustFail(checkpoint.With("output_norm.weight", huge), "huge gains").Message.ShouldContain("though its weights are");
    }

    [Fact]
    public void A_sequence_is_as_before_after_a_pass_that_failed()
    {
        var checkpoint = BadModel.Pico("llama");
        var embeddings = Tensor.Zeros(PicoModel.Vocabulary, PicoModel.Width);
        checkpoint.Open("token_embd.weight").Floats.CopyTo(embeddings.Floats);
        embeddings.Row(9).Fill(float.NaN);
        using var model = LanguageModel.From(checkpoint.With("token_embd.weight", embeddings), new LoadOptions { Threads = 1 });
        using var runner = model.CreateRunner(new RunnerOptions { ChunkRows = 2 });
        using var sequence = runner.StartSequence();
        using var untouched = runner.StartSequence();
        runner.Forward(new Batch().Add(sequence, [1, 2, 3]).Add(untouched, [1, 2, 3]));

        Should.Throw<CheckpointException>(() => runner.Forward(new Batch().Add(sequence, [4, 5, 9, 6])));

        sequence.Tokens.ToArray().ShouldBe([1, 2, 3]);
        var found = runner.Forward(new Batch().Add(sequence, [7])).Row(0).ToArray();
        ((ReadOnlySpan<float>)found).ShouldBeClose(runner.Forward(new Batch().Add(untouched, [7])).Row(0), Tolerance.Exact);
    }

    static IEnumerable<long[]> WrongShapes(TensorInfo tensor)
    {
        var shape = Dimensions(tensor.Shape);
        var block = tensor.Type.BlockLength();
        yield return [.. shape[..^1], shape[^1] + block];
        if (shape[^1] > block)
            yield return [.. shape[..^1], shape[^1] - block];
        // Fewer or more tokens are another vocabulary, which the tokenizer and the head notice.
        for (var dimension = 0; dimension < shape.Length - 1; dimension++)
        {
            yield return [.. shape.Select((length, index) => index == dimension ? length - 1 : length)];
            yield return [.. shape.Select((length, index) => index == dimension ? length + 1 : length)];
        }
        yield return [.. shape[..^1], 0];
        if (shape.Length > 1)
            yield return [0, .. shape[1..]];
    }

    static long[] Dimensions(Shape shape) => [.. Enumerable.Range(0, shape.Rank).Select(index => shape[index])];
}
