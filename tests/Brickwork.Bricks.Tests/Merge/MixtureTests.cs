using Brickwork.Bricks.Tests.Plug;
using Brickwork.TestKit;

namespace Brickwork.Bricks.Tests.Merge;

/// <summary>Dense models as the experts of a mixture: mergekit-moe.</summary>
public sealed class MixtureTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public MixtureTests()
    {
        PicoModel.Save(PicoModel.LlamaCheckpoint(seed: 1), _folder.File("a.gguf"));
        PicoModel.Save(PicoModel.LlamaCheckpoint(seed: 2), _folder.File("b.gguf"));
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("hidden"), InlineData("hidden_avg"), InlineData("hidden_last"), InlineData("cheap_embed"), InlineData("random"), InlineData("uniform_random")]
    public void Equal_experts_say_what_the_dense_model_says(string gate)
    {
        Plan($"base_model: a.gguf\ngate_mode: {gate}\nexperts: [{{source_model: a.gguf, positive_prompts: [the sea]}}, {{source_model: a.gguf, positive_prompts: [a long road]}}]").Save(_folder.File("mixture.gguf"));

        using var mixture = LanguageModel.Load(_folder.File("mixture.gguf"), new LoadOptions { Precision = Precision.Exact });
        using var dense = LanguageModel.Load(_folder.File("a.gguf"), new LoadOptions { Precision = Precision.Exact });

        mixture.Decoder.Find("layers.1.feedForward").ShouldBeOfType<Models.Parts.MixtureOfExperts>().Experts.Count.ShouldBe(2);
        ((ReadOnlySpan<float>)MergedWeightsTests.Logits(mixture)).ShouldBeClose(MergedWeightsTests.Logits(dense), new Tolerance(1e-4, 1e-4, "weights of two experts that add up to one"));
    }

    [Fact]
    public void The_last_token_of_a_prompt_goes_to_its_expert_by_the_hidden_values_before_each_layer()
    {
        using var plan = Plan("base_model: a.gguf\nexperts: [{source_model: a.gguf, positive_prompts: [the sea]}, {source_model: b.gguf, positive_prompts: [a road], negative_prompts: [the sea]}]");
        using var model = plan.Run();

        var gate = model.Checkpoint.Open("blk.0.ffn_gate_inp.weight");

        // What goes into the first layer is the embedding of the last token.
        using var dense = LanguageModel.Load(_folder.File("a.gguf"));
        var (sea, road) = (Embedding(dense, "the sea"), Embedding(dense, "a road"));
        ((ReadOnlySpan<float>)gate.Row(0)).ShouldBeClose(Unit(sea), new Tolerance(1e-6, 1e-5, "a sum of squares"));
        ((ReadOnlySpan<float>)gate.Row(1)).ShouldBeClose(Unit([.. road.Zip(sea, (x, y) => x - y)]), new Tolerance(1e-6, 1e-5, "a sum of squares"));
        plan.Conditions().Count.ShouldBe(2);
        foreach (var key in (string[])["llama.expert_count", "llama.expert_used_count"])
            model.Metadata.Find(key)!.Value.ShouldBe(2u, "llama.cpp takes no other type");
    }

    [Fact]
    public void Everything_but_the_experts_is_the_base()
    {
        using var plan = Plan("base_model: a.gguf\ngate_mode: random\nexperts_per_token: 1\nexperts: [{source_model: a.gguf}, {source_model: b.gguf, residual_scale: 0.5}, {source_model: b.gguf, noise_scale: 0.1}]");
        using var model = plan.Run();
        using var a = CheckpointFile.Open(_folder.File("a.gguf"));
        using var b = CheckpointFile.Open(_folder.File("b.gguf"));

        plan.Methods.ShouldBe(new Dictionary<string, int> { ["copy"] = a.Tensors.Count - 6, ["router"] = 2, ["expert"] = 6 }, ignoreOrder: true);
        Values(model.Checkpoint.Open("blk.1.attn_v.weight")).ShouldBe(Values(a.Open("blk.1.attn_v.weight")));
        var down = Values(model.Checkpoint.Open("blk.1.ffn_down_exps.weight"));
        var (first, second) = (Values(a.Open("blk.1.ffn_down.weight")), Values(b.Open("blk.1.ffn_down.weight")));
        down[..first.Length].ShouldBe(first);
        down[first.Length..(2 * first.Length)].ShouldBe([.. second.Select(value => value / 2)]);
        var noise = down[(2 * first.Length)..].Zip(second, (value, plain) => (double)value - plain).ToArray();
        noise.Average().ShouldBe(0, 5 * .1 / Math.Sqrt(noise.Length));
        Math.Sqrt(noise.Average(value => value * value)).ShouldBe(.1, .01);
        Values(model.Checkpoint.Open("blk.1.ffn_up_exps.weight"))[first.Length..(2 * first.Length)].ShouldBe(Values(b.Open("blk.1.ffn_up.weight")));
    }

    [Fact]
    public void Random_routers_repeat_and_change_with_the_seed()
    {
        const string Recipe = "base_model: a.gguf\ngate_mode: random\nexperts: [{source_model: a.gguf}, {source_model: b.gguf}]";
        float[] Router(long seed)
        {
            using var plan = MergeRecipe.Parse(Recipe, _folder.File("moe.yml")).PlanMixture(new MergeOptions { Seed = seed });
            using var model = plan.Run();
            return Values(model.Checkpoint.Open("blk.0.ffn_gate_inp.weight"));
        }

        Router(1).ShouldBe(Router(1));
        Router(2).ShouldNotBe(Router(1));
    }

    [Fact]
    public void A_mixture_survives_the_form_of_hugging_face()
    {
        using (var plan = Plan("base_model: a.gguf\ndtype: bfloat16\ngate_mode: random\nexperts: [{source_model: a.gguf}, {source_model: b.gguf}]"))
        {
            plan.Save(_folder.File("mixture.gguf"));
            plan.Save(_folder.File("mixture"));
        }
        using var file = LanguageModel.Load(_folder.File("mixture.gguf"), new LoadOptions { Precision = Precision.Exact });
        using var folder = LanguageModel.Load(_folder.File("mixture"), new LoadOptions { Precision = Precision.Exact });

        File.ReadAllText(_folder.File("mixture", "config.json")).ShouldContain("MixtralForCausalLM");
        MergedWeightsTests.Logits(folder).ShouldBe(MergedWeightsTests.Logits(file));
    }

    [Theory]
    [InlineData("base_model: a.gguf\nexperts: [{source_model: a.gguf, positive_prompts: [x]}]", "2 to 256")]
    [InlineData("base_model: a.gguf\nexperts: [{source_model: a.gguf}, {source_model: b.gguf}]", "positive_prompts")]
    [InlineData("base_model: a.gguf\ngate_mode: clever\nexperts: [a.gguf, b.gguf]", "cheap_embed")]
    [InlineData("base_model: a.gguf\ngate_mode: random\nexperts_per_token: 3\nexperts: [a.gguf, b.gguf]", "experts_per_token")]
    [InlineData("base_model: a.gguf\ngate_mode: random\nshared_experts: [a.gguf]\nexperts: [a.gguf, b.gguf]", "shared_experts")]
    [InlineData("base_model: a.gguf\ngate_mode: random\narchitecture: qwen\nexperts: [a.gguf, b.gguf]", "mixtral")]
    [InlineData("base_model: windowed.gguf\ngate_mode: random\nexperts: [a.gguf, b.gguf]", "gemma2")]
    [InlineData("base_model: a.gguf\ngate_mode: random\nexperts: [a.gguf, windowed.gguf]", "windowed.gguf is a 'gemma2'")]
    [InlineData("base_model: a.gguf\ngate_mode: random\nexperts: [a.gguf, b.gguf]\nmerge_method: linear", "merge_method")]
    public void What_cannot_be_a_mixture_is_refused(string recipe, string word)
    {
        PicoModel.Save(PicoModel.WindowedCheckpoint(), _folder.File("windowed.gguf"));

        Should.Throw<RecipeException>(() => Plan(recipe).Dispose()).Message.ShouldContain(word);
    }

    [Theory]
    [InlineData("b", "blk.1.ffn_up.weight", "gate_mode: random", float.NaN), InlineData("b", "blk.0.ffn_down.weight", "gate_mode: random", float.PositiveInfinity)]
    [InlineData("a", "blk.1.attn_v.weight", "gate_mode: random", float.NaN), InlineData("a", "output_norm.weight", "gate_mode: random", float.NegativeInfinity)]
    [InlineData("a", "token_embd.weight", "gate_mode: cheap_embed", float.NaN), InlineData("a", "blk.0.attn_k.weight", "gate_mode: hidden", float.NaN)]
    public void Values_that_are_no_numbers_are_refused_by_name_and_nothing_is_left(string model, string tensor, string gate, float value)
    {
        var damaged = PicoModel.LlamaCheckpoint(seed: 5);
        foreach (ref var weight in damaged.Open(tensor).Floats)
            weight = value;
        File.Delete(_folder.File(model + ".gguf"));
        PicoModel.Save(damaged, _folder.File(model + ".gguf"));
        var before = Directory.GetFileSystemEntries(_folder.Path).Order().ToArray();
        using var plan = Plan($"base_model: a.gguf\n{gate}\nexperts: [{{source_model: a.gguf, positive_prompts: [the sea]}}, {{source_model: b.gguf, positive_prompts: [a road]}}]");

        var message = Should.Throw<CheckpointException>(() => plan.Save(_folder.File("mixture.gguf"))).Message;

        message.ShouldContain($"'{tensor}'");
        message.ShouldContain($"{model}.gguf");
        Directory.GetFileSystemEntries(_folder.Path).Order().ToArray().ShouldBe(before);
    }

    MixturePlan Plan(string recipe) => MergeRecipe.Parse(recipe, _folder.File("moe.yml")).PlanMixture();

    static float[] Values(Tensor tensor) => tensor.Floats.ToArray();

    static float[] Embedding(LanguageModel model, string prompt) => model.Checkpoint.Open("token_embd.weight").Row(model.Tokenizer.Encode(prompt, EncodeOptions.None)[^1]).ToArray();

    static float[] Unit(float[] row)
    {
        var length = Math.Sqrt(row.Sum(value => (double)value * value));
        return [.. row.Select(value => (float)(value / length))];
    }
}
