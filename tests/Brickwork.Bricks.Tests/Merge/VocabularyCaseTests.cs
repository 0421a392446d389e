using Brickwork.Bricks.Merge.Planning;
using Brickwork.TestKit;

namespace Brickwork.Bricks.Tests.Merge;

/// <summary>mergekit's own cases of vocabularies (specs/bricks.md, section 4, case 3): 64 tokens, the same with two more, and one whose tokenizer has more tokens than rows.</summary>
public sealed class VocabularyCaseTests : IDisposable
{
    const string Start = "<|im_start|>", End = "<|im_end|>";
    static readonly string[] Tokens = ["<unk>", "<s>", "</s>", .. Enumerable.Range(3, 61).Select(id => $"_tok_{id}")];

    readonly TemporaryFolder _folder = new();

    public VocabularyCaseTests()
    {
        Save("base", 1, 64, Tokens);
        Save("chatml", 2, 66, [.. Tokens, Start, End]);
        Save("padded", 3, 64, [.. Tokens, .. Enumerable.Range(0, 4).Select(id => $"<UNUSED_{id}>")]);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_union_holds_what_any_model_can_read_and_nothing_else()
    {
        using var plan = Plan("tokenizer_source: union");
        using var merged = plan.Merged();

        TokensOf(merged).ShouldBe([.. Tokens, Start, End]);
        merged.Open("token_embd.weight").Shape.ShouldBe(new Shape(66, PicoModel.Width));
        ((ReadOnlySpan<float>)Row(merged, 64)).ShouldBeClose(Row("chatml", 64), Tolerance.Roundings(3));
        ((ReadOnlySpan<float>)Row(merged, 65)).ShouldBeClose(Row("chatml", 65), Tolerance.Roundings(3));
        ((ReadOnlySpan<float>)Row(merged, 63)).ShouldBeClose(Mean(Row("base", 63), Row("padded", 63), Row("chatml", 63)), Tolerance.Roundings(3));
        plan.Warnings.ShouldHaveSingleItem().ShouldBe("padded.gguf has 68 tokens and rows for 64: the last 4 are left out.");
    }

    [Theory]
    [InlineData("base", 64), InlineData("chatml.gguf", 66)]
    public void A_source_gives_its_vocabulary(string source, int count)
    {
        using var merged = Plan($"tokenizer_source: {source}").Merged();

        TokensOf(merged).Length.ShouldBe(count);
        merged.Open("token_embd.weight").Shape[0].ShouldBe(count);
        merged.Open("output.weight").Shape[0].ShouldBe(count);
    }

    [Fact]
    public void Slerp_takes_a_union_too()
    {
        using var merged = Merged("merge_method: slerp\nbase_model: base.gguf\nparameters: {t: 0.5}\ntokenizer_source: union\nmodels: [base.gguf, chatml.gguf]");

        TokensOf(merged).Length.ShouldBe(66);
        // Both ends have the same row there; the factors of an arc add up to more than 1 in every row alike.
        var factor = Row(merged, 64)[0] / Row("chatml", 64)[0];
        ((ReadOnlySpan<float>)Row(merged, 65)).ShouldBeClose([.. Row("chatml", 65).Select(value => value * factor)], Tolerance.Within(1e-5, "a quotient and a product in F32"));
    }

    [Fact]
    public void Tokens_may_be_forced_to_rows_of_other_tokens_where_the_source_is_the_base()
    {
        using var merged = Merged($$"""
            merge_method: linear
            base_model: base.gguf
            parameters: {weight: 1}
            models: [base.gguf, chatml.gguf]
            tokenizer:
              source: base
              tokens:
                _tok_20: {source: {kind: model_token, model: chatml.gguf, token_id: 64}, force: true}
                _tok_21: {source: {kind: model_token, model: base.gguf, token: "<s>"}, force: true}
            """);

        TokensOf(merged).Length.ShouldBe(64);
        Row(merged, 20).ShouldBe(Row("chatml", 64));
        Row(merged, 21).ShouldBe(Row("base", 1));
    }

    [Fact]
    public void Rows_are_padded_to_a_multiple()
    {
        using var merged = Merged("merge_method: linear\nbase_model: chatml.gguf\nparameters: {weight: 1}\nmodels: [chatml.gguf]\ntokenizer: {source: base, pad_to_multiple_of: 16}");

        merged.Open("token_embd.weight").Shape[0].ShouldBe(80);
        merged.Metadata.Int("llama.vocab_size").ShouldBe(80);
        TokensOf(merged)[..66].ShouldBe([.. Tokens, Start, End]);
    }

    [Fact]
    public void A_missing_token_gets_the_row_of_the_base_and_without_one_the_mean_of_its_owners()
    {
        Save("short", 4, 63, Tokens[..63]);
        using var fromBase = Merged("merge_method: linear\nbase_model: base.gguf\nparameters: {weight: 1}\ntokenizer_source: union\nmodels: [short.gguf, chatml.gguf]");
        using var fromOwners = Merged("merge_method: linear\nparameters: {weight: 1}\ntokenizer_source: union\nmodels: [short.gguf, chatml.gguf, base.gguf]");

        // The base is merged, too: what it has of this token counts for the model that lacks it and for itself.
        ((ReadOnlySpan<float>)Row(fromBase, 63)).ShouldBeClose(Mean(Row("base", 63), Row("chatml", 63), Row("base", 63)), Tolerance.Roundings(3));
        ((ReadOnlySpan<float>)Row(fromOwners, 63)).ShouldBeClose(Mean(Row("chatml", 63), Row("base", 63)), Tolerance.Roundings(4));
    }

    [Fact]
    public void A_tokenizer_with_more_tokens_than_rows_gives_a_model_that_loads()
    {
        var model = PicoModel.LlamaCheckpoint(seed: 5);
        model.Metadata.Set("tokenizer.ggml.tokens", (string[])[.. TokensOf(model), "beyond"]);
        PicoModel.Save(model, _folder.File("long.gguf"));

        using var merged = LanguageModel.From(Merged("merge_method: passthrough\nmodels: [long.gguf]"));

        merged.Tokenizer.VocabularySize.ShouldBe(PicoModel.Vocabulary);
    }

    [Fact]
    public void Merges_types_and_special_tokens_go_with_the_tokens_they_need()
    {
        var metadata = new Metadata("test");
        metadata.Set("tokenizer.ggml.tokens", (string[])["a", "b", "ab", "aba", "end"]);
        metadata.Set("tokenizer.ggml.merges", (string[])["a b", "ab a"]);
        metadata.Set("tokenizer.ggml.token_type", (int[])[1, 1, 1, 1, 3]);
        metadata.Set("tokenizer.ggml.scores", (float[])[0, 0, 0, 0, 0]);
        metadata.Set("tokenizer.ggml.eos_token_ids", (int[])[2, 4]);
        metadata.Set("tokenizer.ggml.eos_token_id", 4u);
        metadata.Set("tokenizer.ggml.bos_token_id", 0u);

        UnusedTokens.Drop(metadata, 3);

        metadata.TryTexts("tokenizer.ggml.tokens").ShouldBe(["a", "b", "ab"]);
        metadata.TryTexts("tokenizer.ggml.merges").ShouldBe(["a b"]);
        metadata.TryInts("tokenizer.ggml.token_type").ShouldBe([1, 1, 1]);
        metadata.TryFloats("tokenizer.ggml.scores").ShouldBe([0, 0, 0]);
        metadata.TryInts("tokenizer.ggml.eos_token_ids").ShouldBe([2]);
        metadata.Contains("tokenizer.ggml.eos_token_id").ShouldBeFalse();
        metadata.Int("tokenizer.ggml.bos_token_id").ShouldBe(0);
    }

    [Fact]
    public void Strict_compatibility_merges_the_rows_that_all_have_and_leaves_out_tensors_of_another_shape()
    {
        var other = PicoModel.LlamaCheckpoint(seed: 6).Add("blk.0.ffn_up.weight", Tensor.Zeros(80, PicoModel.Width));
        Describe(other, 66, [.. Tokens, Start, End]);
        PicoModel.Save(other, _folder.File("other.gguf"));
        Save("narrow", 6, 66, [.. Tokens, Start, End]);
        const string Recipe = "merge_method: task_arithmetic\nbase_model: base.gguf\nparameters: {weight: 0.5}\nmodels: [chatml.gguf, other.gguf]";

        using var plan = MergeRecipe.Parse(Recipe, _folder.File("r.yml")).Plan(new MergeOptions { StrictCompatibility = true });
        using var merged = plan.Merged();
        using var without = Merged("merge_method: task_arithmetic\nbase_model: base.gguf\nparameters: {weight: 0.5}\ntokenizer_source: base\nmodels: [chatml.gguf]");
        using var with = Merged("merge_method: task_arithmetic\nbase_model: base.gguf\nparameters: {weight: 0.5}\ntokenizer_source: base\nmodels: [chatml.gguf, narrow.gguf]");

        TokensOf(merged).Length.ShouldBe(64);
        merged.Open("token_embd.weight").Floats.ToArray().ShouldBe(with.Open("token_embd.weight").Floats.ToArray());
        merged.Open("blk.0.ffn_up.weight").Floats.ToArray().ShouldBe(without.Open("blk.0.ffn_up.weight").Floats.ToArray());
        plan.Warnings.ShouldHaveSingleItem().ShouldBe($"'blk.0.ffn_up.weight' is [80, {PicoModel.Width}] in other.gguf and [64, {PicoModel.Width}] in base.gguf: it is merged without other.gguf.");
        Should.Throw<RecipeException>(() => MergeRecipe.Parse(Recipe, _folder.File("r.yml")).Plan()).Message.ShouldContain("tokenizer_source");
    }

    MergePlan Plan(string rule) => MergeRecipe.Parse(
        $"merge_method: linear\nbase_model: base.gguf\nparameters: {{weight: 1}}\nmodels: [base.gguf, padded.gguf, chatml.gguf]\n{rule}", _folder.File("r.yml")).Plan();

    Checkpoint Merged(string yaml) => MergeRecipe.Parse(yaml, _folder.File("r.yml")).Plan().Merged();

    void Save(string name, int seed, int rows, string[] tokens)
    {
        var model = PicoModel.LlamaCheckpoint(seed);
        Describe(model, rows, tokens);
        PicoModel.Save(model, _folder.File($"{name}.gguf"));
    }

    static void Describe(MemoryCheckpoint model, int rows, string[] tokens)
    {
        foreach (var name in (string[])["token_embd.weight", "output.weight"])
            model.Add(name, model.Open(name).SliceRows(0, rows).Copy());
        model.Metadata.Set("llama.vocab_size", (uint)rows);
        model.Metadata.Set("tokenizer.ggml.tokens", tokens);
        model.Metadata.Set("tokenizer.ggml.scores", (float[])[.. tokens.Select((_, id) => -(float)id)]);
        model.Metadata.Set("tokenizer.ggml.token_type", (int[])[.. Enumerable.Repeat(1, tokens.Length)]);
    }

    static string[] TokensOf(Checkpoint model) => model.Metadata.TryTexts("tokenizer.ggml.tokens")!;

    static float[] Row(Checkpoint model, int id) => model.Open("token_embd.weight").Row(id).ToArray();

    float[] Row(string model, int id)
    {
        using var checkpoint = CheckpointFile.Open(_folder.File($"{model}.gguf"));
        return Row(checkpoint, id);
    }

    static float[] Mean(params float[][] rows) => [.. Enumerable.Range(0, rows[0].Length).Select(i => (float)(rows.Sum(row => (double)row[i]) / rows.Length))];
}
