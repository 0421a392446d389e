using Brickwork.TestKit;

namespace Brickwork.Bricks.Tests.Merge;

/// <summary><c>tokenizer: tokens:</c>: where the rows of single tokens come from.</summary>
public sealed class TokenRuleTests : IDisposable
{
    const int Own = 300, New = PicoModel.Vocabulary;

    readonly TemporaryFolder _folder = new();

    public TokenRuleTests()
    {
        PicoModel.Save(PicoModel.LlamaCheckpoint(seed: 1), _folder.File("a.gguf"));
        // Knows one word that the other does not, and lacks one.
        OtherWords.Save(_folder.File("b.gguf"), seed: 2, token: Own);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_token_may_be_zero_where_it_is_missing()
    {
        var merged = Merge("another: {source: {kind: zero}}");

        Row(merged, New).ShouldBe(Half(Row("b.gguf", Own)));
    }

    [Fact]
    public void A_token_may_take_its_row_from_another_token_by_number_or_text()
    {
        var byNumber = Merge("another: {source: {kind: model_token, model: a.gguf, token_id: 64}}");
        var byText = Merge($"another: {{source: {{kind: model_token, model: a.gguf, token: '{Text("a.gguf", 64)}'}}}}");

        Row(byNumber, New).ShouldBe(Mean(Row("b.gguf", Own), Row("a.gguf", 64)));
        Row(byText, New).ShouldBe(Row(byNumber, New));
        byNumber.Open("output.weight").Row(New).ToArray().ShouldBe(Mean(Open("b.gguf").Open("output.weight").Row(Own).ToArray(), Open("a.gguf").Open("output.weight").Row(64).ToArray()));
    }

    [Fact]
    public void Force_takes_the_row_for_every_model()
    {
        var lost = Text("a.gguf", 40);

        Row(Merge($"'{lost}': {{source: b.gguf, force: true}}"), 40).ShouldBe(Row("b.gguf", 40));
        Row(Merge($"'{lost}': {{source: b.gguf}}"), 40).ShouldBe(Mean(Row("a.gguf", 40), Row("b.gguf", 40)));
        Row(Merge($"'{lost}': {{source: {{kind: zero}}, force: true}}"), 40).ShouldAllBe(value => value == 0);
    }

    [Theory]
    [InlineData("nobody: {source: {kind: zero}}", "'nobody'")]
    [InlineData("another: {source: {kind: model_token, model: a.gguf, token_id: 1000}}", "no token 1000")]
    [InlineData("another: {source: {kind: model_token, model: a.gguf}}", "token_id")]
    [InlineData("another: {source: {kind: model_token, token: x}}", "model")]
    [InlineData("another: {source: {kind: mean}}", "kind")]
    [InlineData("another: {source: a.gguf, force: true}", "no token 'another'")]
    [InlineData("another: {sauce: a.gguf}", "'tokenizer.tokens.another.sauce'")]
    public void Rules_that_cannot_be_followed_are_refused(string rule, string word) =>
        Should.Throw<RecipeException>(() => Merge(rule)).Message.ShouldContain(word);

    [Fact]
    public void The_tokenizer_is_that_of_the_model_whose_tokens_come_first()
    {
        var words = PicoModel.LlamaCheckpoint(seed: 2);
        words.Metadata.Set("tokenizer.ggml.tokens", (string[])[.. words.Metadata.TryTexts("tokenizer.ggml.tokens")![..Own], "another"]);
        words.Metadata.Set("tokenizer.chat_template", "of c");
        PicoModel.Save(words, _folder.File("c.gguf"));

        var merged = MergeRecipe.Parse(
            "merge_method: linear\nparameters: {weight: 1}\ntokenizer_source: union\nslices: [{base_model: c.gguf, sources: [{model: a.gguf, layer_range: [0, 2]}, {model: c.gguf, layer_range: [0, 2]}]}]",
            _folder.File("r.yml")).Plan().Merged();

        merged.Metadata.TryTexts("tokenizer.ggml.tokens")![Own].ShouldBe(Text("a.gguf", Own));
        merged.Metadata.TryInts("tokenizer.ggml.token_type")!.Length.ShouldBe(New + 1);
        merged.Metadata.TryText("tokenizer.chat_template").ShouldBe(Open("a.gguf").Metadata.TryText("tokenizer.chat_template"));
    }

    [Fact]
    public void A_token_without_a_row_is_none_and_a_head_with_fewer_rows_than_tokens_is_refused()
    {
        var words = PicoModel.LlamaCheckpoint(seed: 2);
        words.Metadata.Set("tokenizer.ggml.tokens", (string[])[.. words.Metadata.TryTexts("tokenizer.ggml.tokens")!, "beyond"]);
        PicoModel.Save(words, _folder.File("c.gguf"));

        Should.Throw<RecipeException>(() => Row(Merge("another: {source: {kind: model_token, model: c.gguf, token: beyond}}"), New)).Message.ShouldContain("c.gguf has no token 'beyond'");

        PicoModel.Save(PicoModel.LlamaCheckpoint(seed: 2).Add("output.weight", Tensor.Zeros(Own, PicoModel.Width)), _folder.File("d.gguf"));
        Should.Throw<RecipeException>(() => Merge("another: {source: {kind: model_token, model: d.gguf, token_id: 3}}")).Message.ShouldContain($"d.gguf, which has {New} tokens");
    }

    [Fact]
    public void A_row_of_another_width_is_refused()
    {
        var wide = PicoModel.LlamaCheckpoint(seed: 2).Add("token_embd.weight", Tensor.Zeros(New, 2 * PicoModel.Width));
        PicoModel.Save(wide, _folder.File("c.gguf"));

        Should.Throw<RecipeException>(() => Merge($"'{Text("a.gguf", 40)}': {{source: c.gguf, force: true}}")).Message.ShouldContain($"'token_embd.weight' is [{New}, {2 * PicoModel.Width}] in c.gguf");
    }

    Checkpoint Merge(string rule) => MergeRecipe.Parse(
        $"merge_method: linear\nparameters: {{weight: 1}}\nmodels: [a.gguf, b.gguf]\ntokenizer: {{source: union, tokens: {{ {rule} }} }}", _folder.File("r.yml")).Plan().Merged();

    Checkpoint Open(string model) => CheckpointFile.Open(_folder.File(model));

    string Text(string model, int id) => Open(model).Metadata.TryTexts("tokenizer.ggml.tokens")![id];

    float[] Row(string model, int id) => Row(Open(model), id);

    static float[] Row(Checkpoint checkpoint, int id) => checkpoint.Open("token_embd.weight").Row(id).ToArray();

    static float[] Half(float[] row) => [.. row.Select(value => value / 2)];

    static float[] Mean(float[] a, float[] b) => [.. a.Zip(b, (x, y) => (float)(((double)x + y) / 2))];
}
