namespace Brickwork.Bricks.Tests.Merge;

/// <summary>The forms in which mergekit's examples write their configurations (specs/bricks.md, section 4, case 4): read without a model.</summary>
public sealed class ConfigurationFormTests
{
    [Fact]
    public void A_list_of_models_with_a_weight_each()
    {
        var document = Read("models:\n  - model: owner/one\n    parameters:\n      weight: 1.0\n  - model: owner/two\n    parameters:\n      weight: 0.3\nmerge_method: linear\ndtype: float16");

        document.Method.ShouldBe("linear");
        document.IsWhole.ShouldBeTrue();
        document.Slices.ShouldHaveSingleItem().Inputs.Select(input => (input.Model, input.Parameters["weight"].At([], 0))).ShouldBe([("owner/one", 1.0), ("owner/two", 0.3)]);
        document.OutputType.ShouldBe("F16");
    }

    [Fact]
    public void Slices_of_layers_stacked_on_each_other()
    {
        var document = Read("slices:\n  - sources:\n    - model: owner/one\n      layer_range: [0, 24]\n  - sources:\n    - model: owner/two\n      layer_range: [20, 40]\nmerge_method: passthrough\ndtype: bfloat16");

        document.Slices.Select(slice => slice.Inputs.Single().Layers).ShouldBe([(0, 24), (20, 40)]);
        document.Slices.Select(slice => slice.Inputs.Single().Model).ShouldBe(["owner/one", "owner/two"]);
    }

    [Fact]
    public void Filters_with_gradients_and_a_value_for_the_rest()
    {
        var t = Read("""
            slices:
              - sources:
                  - model: owner/one
                    layer_range: [0, 40]
                  - model: owner/two
                    layer_range: [0, 40]
            merge_method: slerp
            base_model: owner/one
            parameters:
              t:
                - filter: self_attn
                  value: [0, 0.5, 0.3, 0.7, 1]
                - filter: mlp
                  value: [1, 0.5, 0.7, 0.3, 0]
                - value: 0.5 # the rest
            """).Parameters["t"];

        t.At(["model.layers.3.self_attn.q_proj.weight"], 0.75).ShouldNotBeNull().ShouldBe(0.7, 1e-12);
        t.At(["model.layers.3.mlp.up_proj.weight"], 0.375).ShouldNotBeNull().ShouldBe(0.6, 1e-12);
        t.At(["model.norm.weight"], 1).ShouldBe(0.5);
    }

    [Fact]
    public void Settings_that_are_empty_or_for_memory_only_and_models_as_plain_texts()
    {
        var document = Read("models: [owner/one, {model: owner/two, parameters: }]\nmerge_method: ties\nbase_model: owner/base\nparameters:\n  normalize: false\n  int8_mask: true");

        document.Slices[0].Inputs.Select(input => input.Model).ShouldBe(["owner/one", "owner/two"]);
        document.Slices[0].Inputs[1].Parameters.ShouldBeEmpty();
        document.Parameters["normalize"].At([], 0).ShouldBe(0);
        document.Parameters["int8_mask"].At([], 0).ShouldBe(1);
    }

    [Fact]
    public void Documents_with_names_that_use_each_other()
    {
        var recipe = Recipe("name: first\nmerge_method: slerp\nbase_model: owner/one\nparameters: {t: 0.5}\nmodels: [owner/one, owner/two]\n---\nmerge_method: ties\nbase_model: owner/base\nmodels: [{model: first, parameters: {density: [1, 0.7, 0.1], weight: 1.0}}]");

        recipe.Documents.Select(document => document.Name).ShouldBe(["first", null]);
        recipe.Documents[1].Slices[0].Inputs[0].Parameters["density"].At([], 0.5).ShouldBe(0.7);
        recipe.ResultName.ShouldBe("recipe");
    }

    [Fact]
    public void A_vocabulary_with_rules_for_single_tokens()
    {
        var rule = Read("models: [owner/one, owner/two]\nmerge_method: linear\ntokenizer:\n  source: union\n  pad_to_multiple_of: 16\n  tokens:\n    <|im_start|>:\n      source: owner/two\n    <|end|>:\n      source: {kind: model_token, model: owner/one, token: </s>}\n      force: true").Tokenizer!;

        (rule.Source, rule.PadToMultipleOf).ShouldBe(("union", 16));
        (rule.Tokens["<|im_start|>"].Model, rule.Tokens["<|im_start|>"].Force).ShouldBe(("owner/two", false));
        (rule.Tokens["<|end|>"].Model, rule.Tokens["<|end|>"].Token, rule.Tokens["<|end|>"].Force).ShouldBe(("owner/one", "</s>", true));
    }

    static Bricks.Merge.Recipes.MergeDocument Read(string yaml) => Recipe(yaml).Documents.ShouldHaveSingleItem();

    static MergeRecipe Recipe(string yaml) => MergeRecipe.Parse(yaml, "recipe.yml");
}
