using Brickwork.TestKit;

namespace Brickwork.Cli.Tests.Refusals;

/// <summary>What cannot be merged is refused in words, and nothing is written.</summary>
public sealed class MergeInputTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public MergeInputTests()
    {
        foreach (var (name, seed) in ((string, int)[])[("base", 3), ("a", 1), ("b", 2)])
            PicoModel.Save(PicoModel.LlamaCheckpoint(seed), _folder.File(name + ".gguf"));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public Task A_method_that_is_not_known() => Refused("merge_method: fusion\nmodels: [{model: a.gguf}]", "'fusion'");

    [Fact]
    public Task A_key_that_is_not_known() => Refused("merge_method: linear\nmodels: [{model: a.gguf, weigth: 1}]", "weigth'");

    [Fact]
    public Task A_parameter_that_is_not_known() => Refused("merge_method: linear\nmodels: [{model: a.gguf, parameters: {wieght: 1}}]", "'wieght'");

    [Fact]
    public Task A_filter_that_fits_no_tensor() =>
        Refused("merge_method: linear\nmodels: [{model: a.gguf, parameters: {weight: [{filter: mlp.gait, value: 1}, {value: 2}]}}, {model: b.gguf, parameters: {weight: 1}}]", "'mlp.gait'", "expected a part of a name such as 'model.layers.0.mlp.gate_proj.weight'", "brick inspect --tensors");

    [Fact]
    public Task Documents_that_need_each_other() => Refused(
        "name: one\nmerge_method: linear\nmodels: [{model: two, parameters: {weight: 1}}]\n---\nname: two\nmerge_method: linear\nmodels: [{model: one, parameters: {weight: 1}}]", "circle", "one → two → one; expected", "'one' out of the models of 'two'");

    [Fact]
    public Task Different_vocabularies_without_a_rule() =>
        Refused("merge_method: linear\nmodels: [{model: a.gguf, parameters: {weight: 1}}, {model: stories260k, parameters: {weight: 1}}]", "different vocabularies", "tokenizer_source");

    [Fact]
    public Task A_model_that_is_not_there() => Refused("merge_method: linear\nmodels: [{model: nowhere.gguf, parameters: {weight: 1}}]", "nowhere.gguf");

    [Fact]
    public Task A_model_cut_short()
    {
        _folder.Write("cut.gguf", File.ReadAllBytes(_folder.File("a.gguf")).AsSpan(0, 20_000));
        return Refused("merge_method: linear\nmodels: [{model: cut.gguf, parameters: {weight: 1}}]", "cut.gguf");
    }

    [Fact]
    public Task A_text_that_is_no_YAML() => Refused("merge_method: [", "recipe.yml");

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public Task A_value_that_is_no_number(float value)
    {
        var broken = PicoModel.LlamaCheckpoint(4);
        broken.Open("blk.1.ffn_up.weight").Floats[70] = value;
        PicoModel.Save(broken, _folder.File("broken.gguf"));
        return Refused("merge_method: ties\nbase_model: base.gguf\nparameters: {weight: 1, density: 0.5}\nmodels: [{model: a.gguf}, {model: broken.gguf}]", "blk.1.ffn_up.weight", "broken.gguf");
    }

    [Theory]
    [InlineData("out.gguf")]
    [InlineData("out")]
    public async Task A_value_too_large_for_the_type_asked_for(string output)
    {
        var large = PicoModel.LlamaCheckpoint(4);
        large.Open("blk.0.attn_q.weight").Floats[3] = 1e6f;
        PicoModel.Save(large, _folder.File("large.gguf"));

        await RefusedFor(output, "merge_method: passthrough\nmodels: [{model: large.gguf}]\ndtype: float16", "blk.0.attn_q.weight");
    }

    [Theory]
    [InlineData("experts: [a.gguf, b.gguf]\ngate_mode: random", "'base_model'")]
    [InlineData("base_model: base.gguf\nexperts: [a.gguf]\ngate_mode: random", "2 to 256 experts")]
    [InlineData("base_model: base.gguf\nexperts: [a.gguf, b.gguf]", "positive_prompts")]
    [InlineData("base_model: base.gguf\ngate_mode: best\nexperts: [a.gguf, b.gguf]", "cheap_embed")]
    [InlineData("base_model: base.gguf\ngate_mode: random\nexperts: [a.gguf, nowhere.gguf]", "nowhere.gguf")]
    [InlineData("base_model: base.gguf\ngate_mode: random\nexperts: [a.gguf, stories260k]", "stories260k")]
    [InlineData("base_model: base.gguf\ngate_mode: random\nexperts_per_token: 5\nexperts: [a.gguf, b.gguf]", "1 to 2")]
    [InlineData("base_model: base.gguf\ngate_mode: random\nexperts: [a.gguf, b.gguf]\ndtype: float12", "float12")]
    [InlineData("base_model: base.gguf\ngate_mode: random\nexperts: [a.gguf, b.gguf]\nshared_experts: [a.gguf]", "shared_experts")]
    [InlineData("base_model: base.gguf\ngate_mode: random\nexperts: [a.gguf, nan.gguf]", "blk.1.ffn_up.weight", "nan.gguf")]
    [InlineData("base_model: nan.gguf\nexperts: [{source_model: a.gguf, positive_prompts: [x]}, {source_model: b.gguf, positive_prompts: [y]}]", "blk.1.ffn_up.weight", "nan.gguf")]
    public Task A_mixture_that_cannot_be_made(string yaml, params string[] words)
    {
        var broken = PicoModel.LlamaCheckpoint(4);
        broken.Open("blk.1.ffn_up.weight").Floats[70] = float.NaN;
        PicoModel.Save(broken, _folder.File("nan.gguf"));
        return Refused(yaml, words);
    }

    [Theory]
    [InlineData("merge_method: slerp\nparameters: {t: 0.5}\nbricks: [one.brick, two.brick]", "'slerp' is not known for bricks", "dare_ties_svd")]
    [InlineData("merge_method: cat\nbricks: [one.brick, two.brick]", "needs 'weight' of one.brick")]
    [InlineData("merge_method: cat\nparameters: {weight: 1}\nbricks: [one.brick, none.brick]", "none.brick")]
    [InlineData("merge_method: cat\nparameters: {weight: 1}\nbricks: [one.brick, a.gguf]", "a.gguf is a model")]
    [InlineData("merge_method: cat\nparameters: {weight: 1}\nbricks: [one.brick, cut.brick]", "cut.brick")]
    [InlineData("merge_method: cat\nparameters: {weight: 1}\nbricks: [one.brick, wide.brick]", "blk.0.attn_q.weight", "expected bricks of one model")]
    [InlineData("merge_method: cat\nparameters: {weight: 1}\nbricks: [one.brick, vectors.brick]", "are LoRA")]
    [InlineData("merge_method: cat\nparameters: {weight: [{filter: attn_x, value: 1}, {value: 1}]}\nbricks: [one.brick]", "such as 'blk.0.attn_q.weight'", "brick inspect -m BRICK")]
    [InlineData("merge_method: ties\nparameters: {weight: 1, density: 3}\nbricks: [one.brick]", "'density'", "0 … 1")]
    [InlineData("merge_method: cat\nparameters: {weight: 1}\nbricks: [one.brick]\ndtype: float16", "'dtype'")]
    public async Task Bricks_that_cannot_be_merged(string yaml, params string[] words)
    {
        using (var model = LanguageModel.Load(_folder.File("base.gguf")))
        {
            foreach (var name in (string[])["one", "two"])
                new NewLora { Id = name, Targets = new("layers.*.attention.query"), Rank = 2 }.Make(model).Save(_folder.File(name + ".brick"));
            new NewIa3 { Id = "vectors", Targets = new("layers.*.attention.key") }.Make(model).Save(_folder.File("vectors.brick"));
        }
        using (var other = LanguageModel.Load(Brick.Stories))
            new NewLora { Id = "wide", Targets = new("layers.*.attention.query"), Rank = 2 }.Make(other).Describe(manifest => manifest with { Parent = null }).Save(_folder.File("wide.brick"));
        _folder.Write("cut.brick", File.ReadAllBytes(_folder.File("one.brick")).AsSpan(0, 300));

        await RefusedFor("out.brick", yaml, words);
    }

    Task Refused(string yaml, params string[] words) => RefusedFor("out.gguf", yaml, words);

    async Task RefusedFor(string output, string yaml, params string[] words)
    {
        var recipe = _folder.Write("recipe.yml", yaml + "\n");
        var before = Directory.GetFileSystemEntries(_folder.Path).Order().ToArray();

        (await Brick.Run("merge", recipe, _folder.File(output), "--quiet", "--json")).ShouldBeRefused(3, words).ShouldSayItInJson();

        Directory.GetFileSystemEntries(_folder.Path).Order().ToArray().ShouldBe(before);
    }
}
