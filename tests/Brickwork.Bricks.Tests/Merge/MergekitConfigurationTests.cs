using Brickwork.TestKit;

namespace Brickwork.Bricks.Tests.Merge;

/// <summary>Configurations as mergekit's own tests have them (specs/bricks.md, section 4, case 2), and what mergekit reads into them.</summary>
public sealed class MergekitConfigurationTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public MergekitConfigurationTests()
    {
        foreach (var (name, seed) in ((string, int)[])[("a", 1), ("b", 2), ("c", 3)])
        {
            var model = PicoModel.LlamaCheckpoint(seed);
            model.Metadata.Set("tokenizer.chat_template", $" {{{{ 'of {(name == "c" ? "c" : "a and b")}' }}}}\n");
            PicoModel.Save(model, _folder.File($"{name}.gguf"));
        }
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("merge_method: linear")]
    [InlineData("merge_method: slerp\nbase_model: a.gguf\nparameters: {t: 0.35}", "'weight' in the parameters of a.gguf is not read by slerp", "'weight' in the parameters of b.gguf")]
    [InlineData("merge_method: task_arithmetic\nbase_model: c.gguf\nparameters: {density: 0.3, int8_mask: true}", "'density' in parameters is not read by task_arithmetic")]
    [InlineData("merge_method: breadcrumbs\nbase_model: c.gguf")]
    [InlineData("merge_method: ties\nbase_model: c.gguf\nparameters: {density: 0.3}")]
    [InlineData("merge_method: dare_ties\nbase_model: c.gguf\nparameters: {density: 0.66}")]
    [InlineData("merge_method: model_stock\nbase_model: c.gguf", "'weight' in the parameters of a.gguf is not read by model_stock", "'weight' in the parameters of b.gguf")]
    [InlineData("merge_method: model_stock\nbase_model: c.gguf\nparameters: {filter_wise: true}", "a.gguf", "b.gguf")]
    public void They_run_unchanged_and_settings_that_only_other_methods_read_are_told(string head, params string[] warnings)
    {
        using var plan = Plan($"{head}\ndtype: bfloat16\nmodels: [{{model: a.gguf, parameters: {{weight: 0.6}}}}, {{model: b.gguf, parameters: {{weight: 0.4}}}}]");
        plan.Warnings.Count.ShouldBe(warnings.Length);
        foreach (var (warning, expected) in plan.Warnings.Zip(warnings))
            warning.ShouldContain(expected);

        plan.Save(_folder.File("merged.gguf"));
        using var merged = LanguageModel.Load(_folder.File("merged.gguf"));
        merged.Tensors.Single(tensor => tensor.Name == "blk.0.attn_q.weight").Type.ShouldBe(DType.BF16);
        Plug.MergedWeightsTests.Logits(merged).ShouldAllBe(logit => float.IsFinite(logit));
    }

    [Fact]
    public void A_base_that_is_not_listed_is_merged_like_the_others_where_it_is_no_origin()
    {
        const string Listed = "models: [a.gguf, b.gguf, c.gguf]", Unlisted = "models: [a.gguf, b.gguf]\nbase_model: c.gguf";
        foreach (var method in (string[])["linear", "karcher"])
        {
            using var expected = Merge($"merge_method: {method}\nparameters: {{weight: 1}}\n{Listed}");
            using var merged = Merge($"merge_method: {method}\nparameters: {{weight: 1}}\n{Unlisted}");

            foreach (var tensor in expected.Tensors)
                merged.Open(tensor.Name).Floats.ToArray().ShouldBe(expected.Open(tensor.Name).Floats.ToArray(), $"{method} {tensor.Name}");
        }
        Should.Throw<RecipeException>(() => Plan("merge_method: passthrough\nmodels: [a.gguf]\nbase_model: c.gguf")).Message.ShouldContain("found 2, the base among them");
        Should.Throw<RecipeException>(() => Plan("merge_method: linear\nmodels: [{model: a.gguf, parameters: {weight: 1}}]\nbase_model: c.gguf")).Message
            .ShouldContain("needs 'weight' of c.gguf, which no setting gives: the base is merged like the others");
    }

    [Fact]
    public void What_is_wrong_for_every_tensor_is_told_once()
    {
        var message = Should.Throw<RecipeException>(() => Plan("merge_method: linear\nmodels: [a.gguf, {model: b.gguf, parameters: {weight: 1}}]")).Message;

        message.ShouldContain("linear needs 'weight' of a.gguf, which no setting gives (first in token_embd.weight).");
        message.Split("which no setting gives").Length.ShouldBe(2);
    }

    [Theory]
    [InlineData("chatml", "<|im_start|>user\nhello<|im_end|>\n")]
    [InlineData("llama3", "<s><|start_header_id|>user<|end_header_id|>\n\nhello<|eot_id|>")]
    [InlineData("alpaca", "<s>### Instruction:\nhello\n\n")]
    [InlineData("exaone", "[|system|][|endofturn|]\n[|user|]hello\n")]
    [InlineData("\"{{ messages[0].content }}, and a letter\"", "hello, and a letter")]
    [InlineData("auto", "of a and b")]
    public void A_chat_template_may_be_named_written_or_left_to_the_models(string template, string text)
    {
        using var merged = Merge($"merge_method: linear\nparameters: {{weight: 1}}\nmodels: [c.gguf, a.gguf, b.gguf]\nchat_template: {template}");

        ChatTemplate.Parse(merged.Metadata.Text("tokenizer.chat_template"))
            .Render([new ChatTurn("user", "hello")], new ChatTemplateOptions { AddGenerationPrompt = false, BosToken = "<s>", EosToken = "</s>" }).ShouldBe(text);
    }

    [Theory]
    [InlineData("chatlm"), InlineData("Auto"), InlineData("just a text of more than twenty letters")]
    public void A_chat_template_that_is_none_is_refused(string template)
    {
        var message = Should.Throw<RecipeException>(() => Plan($"merge_method: linear\nparameters: {{weight: 1}}\nmodels: [a.gguf]\nchat_template: {template}")).Message;

        message.ShouldContain($"'chat_template' is '{template}'");
        message.ShouldContain("auto, alpaca, chatml, exaone");
    }

    MergePlan Plan(string yaml) => MergeRecipe.Parse(yaml, _folder.File("recipe.yml")).Plan();

    Checkpoint Merge(string yaml) => Plan(yaml).Merged();
}
