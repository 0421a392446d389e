namespace Brickwork.Models.Tests.BadInput;

public class BadMetadataTests
{
    static readonly object[] Lies =
        [0, -1, 1, 2, 3, 5, 7, 33, int.MaxValue, int.MinValue, uint.MaxValue, long.MaxValue, 0f, -1f, float.NaN, float.PositiveInfinity, "text", "", true,
            Array.Empty<int>(), new[] { 1 }, new[] { 0, 0 }, new[] { int.MaxValue, -5 }, new[] { "a", "b" }, new[] { 1.5f }];

    [Theory]
    [InlineData("mixture")]
    [InlineData("windowed")]
    public void A_lie_under_any_key_is_refused_or_does_no_harm(string pico)
    {
        var checkpoint = BadModel.Pico(pico);
        foreach (var key in KeysOf(checkpoint))
        {
            BadModel.Fault(checkpoint.With(key, (object?)null), $"without {key}");
            foreach (var lie in Lies)
                BadModel.Fault(checkpoint.With(key, lie), $"{key} = {lie}");
        }
    }

    [Theory]
    [InlineData("general.architecture")]
    [InlineData("llama.block_count")]
    [InlineData("llama.embedding_length")]
    [InlineData("llama.attention.head_count")]
    [InlineData("llama.expert_count")]
    [InlineData("llama.expert_used_count")]
    [InlineData("tokenizer.ggml.model")]
    [InlineData("tokenizer.ggml.tokens")]
    public void A_key_that_must_be_there_is_named_where_it_is_missing(string key) =>
        BadModel.MustFail(BadModel.Pico("mixture").With(key, (object?)null), key).Message.ShouldContain($"'{key}'");

    [Theory]
    [InlineData("llama.block_count", 0)]
    [InlineData("llama.block_count", int.MaxValue)]
    [InlineData("llama.embedding_length", 0)]
    [InlineData("llama.embedding_length", int.MaxValue)]
    [InlineData("llama.attention.head_count", 0)]
    [InlineData("llama.attention.head_count", 3)]
    [InlineData("llama.attention.head_count", int.MaxValue)]
    [InlineData("llama.attention.head_count_kv", 0)]
    [InlineData("llama.attention.head_count_kv", 3)]
    [InlineData("llama.attention.key_length", 0)]
    [InlineData("llama.attention.key_length", int.MaxValue)]
    [InlineData("llama.rope.dimension_count", 0)]
    [InlineData("llama.rope.dimension_count", 7)]
    [InlineData("llama.rope.dimension_count", 10)]
    [InlineData("llama.rope.dimension_count", int.MaxValue)]
    [InlineData("llama.context_length", 0)]
    [InlineData("llama.expert_count", 0)]
    [InlineData("llama.expert_count", int.MaxValue)]
    [InlineData("llama.expert_used_count", 0)]
    [InlineData("llama.expert_used_count", 5)]
    [InlineData("gemma2.attention.sliding_window", 0)]
    public void A_number_that_makes_no_model_is_named_with_what_would(string key, int number)
    {
        var fault = BadModel.MustFail(BadModel.Pico(key.StartsWith("gemma2", StringComparison.Ordinal) ? "windowed" : "mixture").With(key, number), key);
        fault.ShouldBeOfType<CheckpointException>().Message.ShouldContain($"'{key}'");
        fault.Message.ShouldContain(number.ToString(System.Globalization.CultureInfo.InvariantCulture));
        fault.Message.ShouldContain("expected");
    }

    [Theory]
    [InlineData("llama.block_count", 1)]
    [InlineData("llama.block_count", 3)]
    [InlineData("llama.embedding_length", 64)]
    [InlineData("llama.attention.head_count", 8)]
    [InlineData("llama.attention.head_count_kv", 1)]
    [InlineData("llama.attention.key_length", 16)]
    [InlineData("llama.attention.value_length", 4)]
    [InlineData("llama.feed_forward_length", 32)]
    public void A_number_that_contradicts_the_tensors_is_refused(string key, int number) =>
        BadModel.MustFail(BadModel.Pico("llama").With(key, number), key).NextStep.ShouldNotBeEmpty();

    [Fact]
    public void An_unknown_architecture_is_named_with_those_there_are()
    {
        var fault = BadModel.MustFail(BadModel.Pico("llama").With("general.architecture", "transformer-xxl"), "unknown");
        fault.ShouldBeOfType<UnsupportedModelException>().Message.ShouldContain("'transformer-xxl'");
        fault.Message.ShouldContain("llama");
    }

    [Fact]
    public void Too_few_numbers_for_all_layers_are_refused() =>
        BadModel.MustFail(BadModel.Pico("llama").With("llama.attention.head_count", new[] { 4 }), "one for two layers").Message.ShouldContain("2 layers");

    [Theory]
    [InlineData("tokens", "none")]
    [InlineData("tokens", "more than embeddings")]
    [InlineData("tokens", "twice the same")]
    [InlineData("scores", "too few")]
    [InlineData("token_type", "too few")]
    [InlineData("bos_token_id", "out of range")]
    [InlineData("eos_token_id", "out of range")]
    [InlineData("unknown_token_id", "out of range")]
    public void A_tokenizer_that_contradicts_itself_is_refused(string key, string fault)
    {
        string[] tokens = BadModel.Pico("llama").Metadata.TryTexts("tokenizer.ggml.tokens")!;
        object value = fault switch
        {
            "none" => Array.Empty<string>(),
            "more than embeddings" => (string[])[.. tokens, "<one more>"],
            "twice the same" => (string[])[.. tokens[..^1], tokens[^2]],
            "out of range" => 320u,
            _ => key == "scores" ? new float[5] : new int[5],
        };
        var model = BadModel.Pico("llama").With("tokenizer.ggml." + key, value);
        if (fault == "more than embeddings")
            foreach (var list in (string[])["scores", "token_type"])
                model.Metadata.Remove("tokenizer.ggml." + list);
        BadModel.MustFail(model, $"{key}: {fault}");
    }

    /// <summary>What is in the file, and what families look for besides.</summary>
    static IEnumerable<string> KeysOf(MemoryCheckpoint checkpoint)
    {
        var architecture = checkpoint.Metadata.Text("general.architecture");
        string[] more =
        [
            "attention.key_length", "attention.value_length", "attention.scale", "attention.sliding_window", "attention.layer_norm_epsilon", "rope.dimension_count",
            "rope.freq_base", "rope.scaling.type", "rope.scaling.factor", "rope.scaling.attn_factor", "rope.scaling.original_context_length", "expert_gating_func",
            "expert_weights_norm", "expert_weights_scale", "expert_group_count", "expert_group_used_count", "pooling_type", "attn_logit_softcapping",
            "final_logit_softcapping",
        ];
        return checkpoint.Metadata.Select(pair => pair.Key).Concat(more.Select(key => $"{architecture}.{key}")).Append("tokenizer.chat_template").Distinct().ToList();
    }
}
