using Brickwork.TestKit;

namespace Brickwork.Bricks.Tests.Merge;

/// <summary>How mergekit's YAML is read (specs/bricks.md, section 2.6): whose setting wins, lists along the layers, filters.</summary>
public sealed class SettingTests : IDisposable
{
    const int Layers = 5;

    readonly TemporaryFolder _folder = new();

    public SettingTests()
    {
        foreach (var (name, seed) in ((string, int)[])[("a", 1), ("b", 2), ("c", 3)])
            PicoModel.Save(PicoModel.LlamaCheckpoint(seed, layers: Layers), _folder.File($"{name}.gguf"));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_nearest_setting_wins_input_then_slice_then_module_then_document()
    {
        for (var nearest = 0; nearest < 4; nearest++)
        {
            var (document, module, slice, input) = ("parameters: {weight: 1}", nearest > 0 ? "parameters: {weight: 2}, " : "", nearest > 1 ? ", parameters: {weight: 3}" : "", nearest > 2 ? ", parameters: {weight: 4}" : "");
            var lines = Lines($"merge_method: linear\n{document}\nmodules: {{text: {{{module}slices: [{{sources: [{{model: a.gguf, layer_range: [0, 5]{input}}}]{slice}}}]}}}}");

            lines["blk.2.ffn_up.weight"].ShouldContain($"a.gguf:blk.2.ffn_up.weight weight {nearest + 1})");
            lines["output.weight"].ShouldContain($"weight {nearest + 1})");
        }
    }

    [Theory]
    [InlineData("[0, 1, 0]", "0 0.5 1 0.5 0")]
    [InlineData("[0, 1, 0.2, 0]", "0 0.75 0.6 0.15 0")]
    [InlineData("[0, 0.1, 0.2, 0.3, 0.4]", "0 0.1 0.2 0.3 0.4")]
    [InlineData("[0.7]", "0.7 0.7 0.7 0.7 0.7")]
    public void A_list_of_numbers_runs_along_the_layers_in_straight_lines(string list, string expected)
    {
        var lines = Lines($"merge_method: slerp\nbase_model: a.gguf\nparameters: {{t: {list}}}\nmodels: [b.gguf]");

        Enumerable.Range(0, Layers).Select(layer => Last(lines[$"blk.{layer}.attn_q.weight"])).ShouldBe(expected.Split(' '));
        Last(lines["token_embd.weight"]).ShouldBe(expected.Split(' ')[0]);
    }

    [Theory]
    [InlineData("[true, false, false]", "1 1 0 0 0")]        // int(t · 2): 0, 0, 1, 1, 2
    [InlineData("[false, true]", "0 0 0 0 1")]
    public void A_list_of_truth_values_is_stepped(string list, string expected)
    {
        var lines = Lines($"merge_method: linear\nparameters: {{weight: 1, normalize: {list}}}\nmodels: [a.gguf, b.gguf]");

        Enumerable.Range(0, Layers).Select(layer => Last(lines[$"blk.{layer}.attn_q.weight"])).ShouldBe(expected.Split(' '));
    }

    [Fact]
    public void A_slice_of_one_layer_takes_the_last_value()
    {
        var lines = Lines("merge_method: slerp\nbase_model: a.gguf\nparameters: {t: [0, 0.25, 0.5]}\nslices: [{sources: [{model: a.gguf, layer_range: [1, 2]}, {model: b.gguf, layer_range: [1, 2]}]}]");

        Last(lines["blk.0.attn_q.weight"]).ShouldBe("0.5");
        Last(lines["token_embd.weight"]).ShouldBe("0");
    }

    [Fact]
    public void The_first_filter_that_fits_wins_a_star_fits_all_and_without_one_the_next_level_is_asked()
    {
        var lines = Lines("""
            merge_method: linear
            parameters: {weight: 9}
            models:
              - model: a.gguf
                parameters: {weight: [{filter: q_proj, value: 1}, {filter: self_attn, value: 2}, {filter: "*", value: 3}, {value: 4}]}
              - model: b.gguf
                parameters: {weight: [{filter: mlp, value: 5}]}
            """);

        lines["blk.1.attn_q.weight"].ShouldContain("weight 1; b.gguf:blk.1.attn_q.weight weight 9)");
        lines["blk.1.attn_k.weight"].ShouldContain("weight 2; b.gguf:blk.1.attn_k.weight weight 9)");
        lines["blk.1.ffn_up.weight"].ShouldContain("weight 3; b.gguf:blk.1.ffn_up.weight weight 5)");
        lines["output_norm.weight"].ShouldContain("weight 3; b.gguf:output_norm.weight weight 9)");
    }

    [Fact]
    public void A_slice_may_have_a_base_of_its_own_and_a_residual_weight_that_nobody_uses()
    {
        var lines = Lines("""
            merge_method: task_arithmetic
            base_model: a.gguf
            slices:
              - sources: [{model: a.gguf, layer_range: [0, 2]}, {model: c.gguf, layer_range: [0, 2], parameters: {weight: 1}}]
              - sources: [{model: b.gguf, layer_range: [2, 5]}, {model: c.gguf, layer_range: [2, 5]}]
                base_model: b.gguf
                residual_weight: 0.5
                parameters: {weight: 2}
            """);

        lines["blk.1.attn_q.weight"].ShouldContain("(a.gguf:blk.1.attn_q.weight; c.gguf:blk.1.attn_q.weight weight 1)");
        lines["blk.3.attn_q.weight"].ShouldContain("(b.gguf:blk.3.attn_q.weight; c.gguf:blk.3.attn_q.weight weight 2)");
        lines["token_embd.weight"].ShouldContain("(a.gguf:");
        lines["output.weight"].ShouldContain("(b.gguf:");
    }

    [Fact]
    public void A_tokenizer_is_given_in_one_way()
    {
        Should.Throw<RecipeException>(() => Lines("merge_method: passthrough\nmodels: [a.gguf]\ntokenizer_source: union\ntokenizer: {source: union}")).Message
            .ShouldContain("either 'tokenizer_source' or 'tokenizer'");
    }

    static string Last(string line) => line.Split(' ')[^1];

    Dictionary<string, string> Lines(string yaml)
    {
        using var plan = MergeRecipe.Parse(yaml, _folder.File("recipe.yml")).Plan();
        return plan.Describe().ToDictionary(line => line.Split(' ')[0]);
    }
}
