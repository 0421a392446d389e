using System.Text.Json;
using Brickwork.TestKit;

namespace Brickwork.Cli.Tests.Verbs;

public sealed class DiffTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_quantizing_did_is_told_for_each_tensor_and_for_what_the_model_expects()
    {
        var (small, corpus) = (_folder.File("small.gguf"), _folder.Write("corpus.txt", "Once upon a time, there was a little girl named Lily. She loved to play outside."));
        (await Brick.Run("quantize", Brick.Stories, small, "--to", "q4_0", "--quiet")).Code.ShouldBe(0);

        var json = (await Brick.Run("diff", Brick.Stories, small, "--corpus", corpus, "--json")).Json();
        var lines = (await Brick.Run("diff", Brick.Stories, small, "--quiet")).Result;

        var query = Tensor(json, "blk.2.attn_q.weight");
        (query.Text("typeA"), query.Text("typeB")).ShouldBe(("F32", "Q4_0"));
        query.GetProperty("shapeA").EnumerateArray().Select(length => length.GetInt32()).ShouldBe([64, 64]);
        query.Number("cosine").ShouldBeInRange(0.98, 0.99999);
        query.Number("mean").ShouldBeInRange(query.Number("largest") / 1000, query.Number("rms"));
        var norm = Tensor(json, "blk.2.attn_norm.weight");
        (norm.Number("largest"), norm.Number("relative")).ShouldBe((0, 0));
        norm.Number("cosine").ShouldBe(1, 1e-12);
        json.Number("topAgreement").ShouldBeInRange(0.5, 1);
        json.Number("maxKld").ShouldBeGreaterThan(json.Number("kld"));
        lines.ShouldContain("F32 and Q4_0");
        lines.ShouldNotContain("attn_norm");
    }

    [Fact]
    public async Task Tensors_of_other_shapes_and_values_that_are_no_numbers_are_as_different_as_can_be()
    {
        var model = PicoModel.LlamaCheckpoint();
        PicoModel.Save(model, _folder.File("a.gguf"));
        model.Open("blk.0.ffn_up.weight").Floats[9] = float.NaN;
        PicoModel.Save(model, _folder.File("b.gguf"));

        var broken = await Brick.Run("diff", _folder.File("a.gguf"), _folder.File("b.gguf"), "--gate", "maxDifference<1e30", "--json", "--quiet");
        var other = (await Brick.Run("diff", _folder.File("a.gguf"), Brick.Stories, "--json")).Json();

        broken.Code.ShouldBe(1);
        Tensor(broken.Document(), "blk.0.ffn_up.weight").GetProperty("largest").ValueKind.ShouldBe(JsonValueKind.Null);
        var embedding = Tensor(other, "token_embd.weight");
        embedding.GetProperty("cosine").ValueKind.ShouldBe(JsonValueKind.Null);
        embedding.GetProperty("shapeA")[0].GetInt32().ShouldNotBe(embedding.GetProperty("shapeB")[0].GetInt32());
    }

    [Fact]
    public async Task Expectations_of_models_with_other_tokens_are_not_compared()
    {
        var model = PicoModel.LlamaCheckpoint();
        PicoModel.Save(model, _folder.File("a.gguf"));
        var tokens = model.Metadata.TryTexts("tokenizer.ggml.tokens")!.ToArray();
        (tokens[^1], tokens[^2]) = (tokens[^2], tokens[^1]);
        model.Metadata.Set("tokenizer.ggml.tokens", tokens);
        PicoModel.Save(model, _folder.File("b.gguf"));
        var corpus = _folder.Write("corpus.txt", "abc abc abc");

        (await Brick.Run("diff", _folder.File("a.gguf"), _folder.File("b.gguf"), "--corpus", corpus, "--quiet", "--json")).ShouldBeRefused(3, tokens[^1], tokens[^2], "eval perplexity").ShouldSayItInJson();
        (await Brick.Run("diff", _folder.File("a.gguf"), Brick.Stories, "--corpus", corpus, "--quiet")).ShouldBeRefused(3, "512");
    }

    static JsonElement Tensor(JsonElement document, string name) => document.GetProperty("tensors").EnumerateArray().Single(tensor => tensor.Text("name") == name);
}
