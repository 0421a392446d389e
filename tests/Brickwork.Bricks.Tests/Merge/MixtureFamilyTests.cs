using Brickwork.Bricks.Tests.Plug;
using Brickwork.TestKit;

namespace Brickwork.Bricks.Tests.Merge;

/// <summary>Mixtures of families that are called otherwise with experts.</summary>
public sealed class MixtureFamilyTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Qwen_3_becomes_its_family_with_experts()
    {
        Save("qwen3", "a", seed: 1);

        using var mixture = Mixture("base_model: a.gguf\ngate_mode: random\narchitecture: qwen3\nexperts: [a.gguf, a.gguf, a.gguf]");
        using var dense = LanguageModel.Load(_folder.File("a.gguf"), new LoadOptions { Precision = Precision.Exact });

        mixture.Config.Family.ShouldBe("qwen3moe");
        ((ReadOnlySpan<float>)MergedWeightsTests.Logits(mixture)).ShouldBeClose(MergedWeightsTests.Logits(dense), new Tolerance(2e-6, 2e-6, "weights of experts that add up to one"));
    }

    [Fact]
    public void Qwen_2_has_an_expert_for_every_token_besides()
    {
        Save("qwen2", "a", seed: 1);
        Save("qwen2", "b", seed: 2);

        // All experts are chosen, so that their weights add up to one without being divided; the shared one adds nothing.
        using var mixture = Mixture("base_model: a.gguf\ngate_mode: random\nexperts: [a.gguf, a.gguf]\nshared_experts: [{source_model: b.gguf, residual_scale: 0}]");
        using var dense = LanguageModel.Load(_folder.File("a.gguf"), new LoadOptions { Precision = Precision.Exact });

        mixture.Config.Family.ShouldBe("qwen2moe");
        ((ReadOnlySpan<float>)MergedWeightsTests.Logits(mixture)).ShouldBeClose(MergedWeightsTests.Logits(dense), new Tolerance(2e-6, 2e-6, "weights of experts that add up to one"));
        Should.Throw<RecipeException>(() => Mixture("base_model: a.gguf\ngate_mode: random\nexperts: [a.gguf, b.gguf]")).Message.ShouldContain("shared_experts");
    }

    LanguageModel Mixture(string recipe)
    {
        using var plan = MergeRecipe.Parse(recipe, _folder.File("moe.yml")).PlanMixture();
        var target = _folder.File($"{Guid.NewGuid():N}.gguf");
        plan.Save(target);
        return LanguageModel.Load(target, new LoadOptions { Precision = Precision.Exact });
    }

    void Save(string family, string name, int seed) => PicoModel.Save(AsFamily(family, seed), _folder.File(name + ".gguf"));

    /// <summary>The pico Llama with the settings, norms and biases of another family.</summary>
    internal static MemoryCheckpoint AsFamily(string family, int seed)
    {
        var (llama, model) = (PicoModel.LlamaCheckpoint(seed), new MemoryCheckpoint(family));
        foreach (var (key, value) in llama.Metadata)
            model.Metadata.Set(key.StartsWith("llama.", StringComparison.Ordinal) ? family + key["llama".Length..] : key, value);
        model.Metadata.Set("general.architecture", family);
        var random = new Random(seed);
        foreach (var info in llama.Tensors)
        {
            model.Add(info.Name, llama.Open(info.Name));
            var layer = info.Name[..(info.Name.LastIndexOf(".attn_", StringComparison.Ordinal) + 1)];
            if (family == "qwen3" && info.Name.EndsWith("attn_output.weight", StringComparison.Ordinal))
                model.Add(layer + "attn_q_norm.weight", Gain(random, PicoModel.HeadWidth)).Add(layer + "attn_k_norm.weight", Gain(random, PicoModel.HeadWidth));
            if (family == "qwen2" && info.Name.EndsWith("attn_output.weight", StringComparison.Ordinal))
                model.Add(layer + "attn_q.bias", Gain(random, PicoModel.Width)).Add(layer + "attn_k.bias", Gain(random, 16)).Add(layer + "attn_v.bias", Gain(random, 16));
        }
        return model;
    }

    static Tensor Gain(Random random, int length) => Tensor.From([.. Enumerable.Range(0, length).Select(_ => 0.9f + 0.2f * random.NextSingle())], length);
}
