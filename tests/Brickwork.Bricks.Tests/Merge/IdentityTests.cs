using Brickwork.Bricks.Merge;
using Brickwork.Bricks.Merge.Methods;
using Brickwork.Bricks.Tests.Plug;
using Brickwork.TestKit;

namespace Brickwork.Bricks.Tests.Merge;

/// <summary>Recipes whose result is known without a reference, for every method, in models of 16 bits: they round once, so that nothing is lost.</summary>
public sealed class IdentityTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public IdentityTests()
    {
        foreach (var (type, name) in ((DType, string)[])[(DType.F16, "half"), (DType.BF16, "brain"), (DType.F32, "whole")])
        {
            PicoModel.Save(PicoModel.LlamaCheckpoint(seed: 1, type), _folder.File($"{name}.gguf"));
            PicoModel.Save(PicoModel.LlamaCheckpoint(seed: 2, type), _folder.File($"{name}-base.gguf"));
        }
        _folder.Write("text.txt", "The old man went to the sea, and the sea was calm. He said nothing.");
    }

    public static TheoryData<string> EveryMethod() => [.. MergeRecipe.Methods];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(EveryMethod))]
    public void Equal_models_merge_to_themselves_bit_for_bit(string method)
    {
        // Where one input is merged with the base, that is the equal one; elsewhere every difference from the base is one.
        var count = Math.Min(2, MergeMethods.Find(method)!.MostSources);
        foreach (var name in (string[])["half", "brain"])
            ShouldBe(Merge(method, name, count == 1 ? name : name + "-base", count), name);
    }

    [Theory]
    [InlineData("linear"), InlineData("passthrough"), InlineData("karcher"), InlineData("multislerp"), InlineData("fisher")]
    [InlineData("task_arithmetic"), InlineData("magnitude_prune"), InlineData("ties"), InlineData("dare_linear"), InlineData("dare_ties"), InlineData("della"), InlineData("della_linear")]
    [InlineData("breadcrumbs"), InlineData("breadcrumbs_ties"), InlineData("sce"), InlineData("ram"), InlineData("ramplus_tl"), InlineData("regmean")]
    public void One_model_of_weight_one_is_that_model_bit_for_bit(string method)
    {
        foreach (var name in (string[])["half", "brain"])
            ShouldBe(Merge(method, name, name + "-base", 1), name);
    }

    [Theory]
    [MemberData(nameof(EveryMethod))]
    public void Every_method_makes_a_model_that_runs(string method)
    {
        using var model = LanguageModel.From(Merge(method, "whole", "whole-base", Math.Min(2, MergeMethods.Find(method)!.MostSources)));

        MergedWeightsTests.Logits(model).ShouldAllBe(logit => float.IsFinite(logit));
    }

    [Fact]
    public void Layers_stacked_in_any_order_are_those_layers()
    {
        // Depth up-scaling: 0, 1, 1, 0.
        string[] layers = [.. ((int[])[0, 1, 1, 0]).Select(layer => $"{{sources: [{{model: whole.gguf, layer_range: [{layer}, {layer + 1}]}}]}}")];
        using var source = CheckpointFile.Open(_folder.File("whole.gguf"));
        using var merged = Merged($"merge_method: passthrough\nslices: [{string.Join(", ", layers)}]");

        merged.Metadata.Find("llama.block_count")!.Value.ShouldBe(4u, "llama.cpp takes no other type");
        foreach (var (layer, index) in ((int[])[0, 1, 1, 0]).Select((layer, index) => (layer, index)))
            foreach (var name in (string[])["attn_q.weight", "ffn_down.weight", "attn_norm.weight"])
                merged.Open($"blk.{index}.{name}").Floats.ToArray().ShouldBe(source.Open($"blk.{layer}.{name}").Floats.ToArray());
    }

    [Fact]
    public void Blocks_that_add_nothing_keep_every_logit()
    {
        // LLaMA-Pro: a copy of a layer whose output projections are zero.
        const string Copy = "parameters: {scale: [{filter: o_proj, value: 0}, {filter: down_proj, value: 0}, {value: 1}]}";
        using var deeper = LanguageModel.From(Merged("merge_method: passthrough\nslices:\n"
            + string.Concat(((int[])[0, 1]).Select(layer => $"  - sources: [{{model: whole.gguf, layer_range: [{layer}, {layer + 1}]}}]\n  - sources: [{{model: whole.gguf, layer_range: [{layer}, {layer + 1}], {Copy}}}]\n"))));
        using var model = LanguageModel.Load(_folder.File("whole.gguf"));

        deeper.Config.Layers.ShouldBe(4);
        MergedWeightsTests.Logits(deeper).ShouldBe(MergedWeightsTests.Logits(model));
    }

    [Fact]
    public void A_stack_of_twenty_four_layers_runs()
    {
        using var model = LanguageModel.From(Merged($"merge_method: passthrough\nslices: [{string.Join(", ", Enumerable.Repeat("{sources: [{model: whole.gguf, layer_range: [0, 2]}]}", 12))}]"));

        model.Config.Layers.ShouldBe(24);
        MergedWeightsTests.Logits(model).ShouldAllBe(logit => float.IsFinite(logit));
    }

    [Fact]
    public void A_module_is_merged_as_the_document_would_be_and_its_parameters_stand_between()
    {
        const string Inputs = "models: [{model: whole.gguf, parameters: {weight: 3}}, {model: whole-base.gguf}]";
        using var module = Merged($"merge_method: linear\nparameters: {{weight: 9}}\nmodules: {{default: {{{Inputs}, parameters: {{weight: 2}}}}}}");
        using var document = Merged($"merge_method: linear\nparameters: {{weight: 2}}\n{Inputs}");
        using var sliced = Merged("merge_method: linear\nmodules: {text: {slices: [{sources: [{model: whole.gguf, layer_range: [0, 2], parameters: {weight: 3}}, {model: whole-base.gguf, layer_range: [0, 2], parameters: {weight: 2}}]}]}}");

        foreach (var tensor in document.Tensors)
        {
            module.Open(tensor.Name).Floats.ToArray().ShouldBe(document.Open(tensor.Name).Floats.ToArray(), tensor.Name);
            sliced.Open(tensor.Name).Floats.ToArray().ShouldBe(document.Open(tensor.Name).Floats.ToArray(), tensor.Name);
        }
        Should.Throw<RecipeException>(() => Merged("merge_method: linear\nmodules: {text: {models: [whole.gguf]}, vision: {models: [whole.gguf]}}")).Message.ShouldContain("text, vision");
    }

    Checkpoint Merge(string method, string model, string origin, int count)
    {
        var known = MergeMethods.Find(method)!;
        List<string> parameters = [];
        foreach (var parameter in known.Shared.Concat(known.PerSource).Where(parameter => parameter.Default is null))
            parameters.Add(parameter.Name == "weight" ? FormattableString.Invariant($"weight: {1.0 / count}") : $"{parameter.Name}: 0.5");
        if (method.StartsWith("ram", StringComparison.Ordinal))
            parameters.Add("epsilon: 0");
        if (known.NeedsTexts)
            parameters.Add("data: text.txt");
        // The same model under two names is two inputs.
        string[] names = [$"{model}.gguf", $"./{(model == "whole" ? origin : model)}.gguf"];
        var needsBase = known.Base == BaseUse.Required;
        return Merged($"merge_method: {method}\nparameters: {{{string.Join(", ", parameters)}}}\nmodels: [{string.Join(", ", names.Take(count))}]{(needsBase ? $"\nbase_model: ././{origin}.gguf" : "")}");
    }

    Checkpoint Merged(string yaml) => MergeRecipe.Parse(yaml, _folder.File("recipe.yml")).Plan().Merged();

    void ShouldBe(Checkpoint merged, string model)
    {
        using var expected = CheckpointFile.Open(_folder.File(model + ".gguf"));
        foreach (var tensor in expected.Tensors)
        {
            var (now, before) = (merged.Open(tensor.Name), expected.Open(tensor.Name));
            now.Type.ShouldBe(before.Type, tensor.Name);
            // Norms are F32 in any model.
            if (before.Type == DType.F32)
                ((ReadOnlySpan<float>)now.Floats).ShouldBeClose(before.Floats, Tolerance.Within(1e-6, "sums in double, rounded to F32"), tensor.Name);
            else
                now.RowSpan(0, now.Rows).SequenceEqual(before.RowSpan(0, before.Rows)).ShouldBeTrue(tensor.Name);
        }
        merged.Dispose();
    }
}
