using Brickwork.Bricks.Merge.Mixtures;
using Brickwork.Tensors.LinearAlgebra;
using Brickwork.TestKit;

namespace Brickwork.Bricks.Tests.Merge;

/// <summary>The rows of routers, held against hidden values found another way.</summary>
public sealed class MixtureGateTests : IDisposable
{
    static readonly Tolerance Sums = new(2e-6, 2e-6, "a direction in F32");

    readonly TemporaryFolder _folder = new();
    readonly LanguageModel _dense = PicoModel.Llama(new LoadOptions { Precision = Precision.Exact });

    public MixtureGateTests()
    {
        PicoModel.Save(PicoModel.LlamaCheckpoint(seed: 1), _folder.File("a.gguf"));
        PicoModel.Save(PicoModel.LlamaCheckpoint(seed: 2), _folder.File("b.gguf"));
    }

    public void Dispose()
    {
        _dense.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Hidden_avg_is_the_mean_over_the_tokens_of_a_prompt_and_then_over_prompts()
    {
        float[][] prompts = [Mean(Tokens("the sea").Select(Embedding)), Mean(Tokens("a long road home").Select(Embedding))];

        ShouldBe(Gate("hidden_avg", "[the sea, a long road home]", layer: 0), Unit(Mean(prompts)));
    }

    [Fact]
    public void Cheap_embed_is_the_direction_of_a_prompts_embeddings_in_every_layer()
    {
        float[][] prompts = [Unit(Mean(Tokens("the sea").Select(Embedding))), Unit(Mean(Tokens("a long road home").Select(Embedding)))];

        foreach (var layer in (int[])[0, 1])
            ShouldBe(Gate("cheap_embed", "[the sea, a long road home]", layer), Unit(Mean(prompts)));
    }

    [Theory]
    [InlineData("hidden"), InlineData("hidden_last")]
    public void Deeper_layers_take_what_the_layers_before_have_made_of_the_last_token(string mode)
    {
        // A model of the first layer alone, whose last norm has gains of one: what it gives has the direction of what goes into the second.
        var first = PicoModel.LlamaCheckpoint(seed: 1, layers: 1);
        first.Open("output_norm.weight").Floats.Fill(1);
        using var model = LanguageModel.From(first, new LoadOptions { Precision = Precision.Exact });
        using var runner = model.CreateRunner(new RunnerOptions { Output = RunnerOutput.Hidden });
        using var sequence = runner.StartSequence();

        var expected = Unit(runner.Forward(sequence, Tokens("a long road home")).Row(0).ToArray());

        ShouldBe(Gate(mode, "a long road home", layer: 1), expected);
    }

    [Fact]
    public void A_shared_expert_has_a_row_of_its_own_and_no_say_in_how_routers_tell_the_others_apart()
    {
        foreach (var (name, seed) in ((string, int)[])[("qa", 1), ("qb", 2)])
            PicoModel.Save(MixtureFamilyTests.AsFamily("qwen2", seed), _folder.File(name + ".gguf"));
        using var plan = Plan("base_model: qa.gguf\nexperts: [{source_model: qa.gguf, positive_prompts: [the sea]}, {source_model: qb.gguf, positive_prompts: [home]}]\nshared_experts: [{source_model: qb.gguf, positive_prompts: [the sea]}]");
        using var model = plan.Run();
        var shared = model.Checkpoint.Open("blk.0.ffn_gate_inp_shexp.weight");

        shared.Shape.ShouldBe(new Shape(PicoModel.Width));
        shared.Floats.ToArray().ShouldBe(model.Checkpoint.Open("blk.0.ffn_gate_inp.weight").Row(0).ToArray(), "the same prompt");
        model.Checkpoint.Open("blk.0.ffn_gate_inp.weight").Rows.ShouldBe(2);
        // Its row equals another, which would be no condition at all.
        plan.Conditions().ShouldAllBe(condition => condition < 100);
    }

    [Fact]
    public void A_condition_number_is_the_largest_over_the_smallest_singular_value()
    {
        GateVectors.ConditionOf(new Matrix(2, 3, [0, 3, 0, .5, 0, 0])).ShouldBe(6, 1e-12);
        GateVectors.ConditionOf(new Matrix(2, 2, [1, 0, 1, 0])).ShouldBe(double.PositiveInfinity);
        using var plan = Plan("base_model: a.gguf\nexperts: [{source_model: a.gguf, positive_prompts: [the sea]}, {source_model: b.gguf, positive_prompts: [the sea]}]");

        plan.Conditions().ShouldAllBe(condition => condition > 1e6, "equal prompts");
    }

    float[] Gate(string mode, string prompts, int layer)
    {
        using var plan = Plan($"base_model: a.gguf\ngate_mode: {mode}\nexperts: [{{source_model: a.gguf, positive_prompts: {prompts}}}, {{source_model: b.gguf, positive_prompts: other}}]");
        using var model = plan.Run();
        return model.Checkpoint.Open($"blk.{layer}.ffn_gate_inp.weight").Row(0).ToArray();
    }

    MixturePlan Plan(string recipe) => MergeRecipe.Parse(recipe, _folder.File("moe.yml")).PlanMixture();

    int[] Tokens(string prompt) => [.. _dense.Tokenizer is { AddsBos: true, Bos: { } bos } ? (int[])[bos] : [], .. _dense.Tokenizer.Encode(prompt, EncodeOptions.None)];

    float[] Embedding(int token) => _dense.Checkpoint.Open("token_embd.weight").Row(token).ToArray();

    static float[] Mean(IEnumerable<float[]> rows)
    {
        var all = rows.ToList();
        return [.. Enumerable.Range(0, all[0].Length).Select(column => (float)all.Average(row => (double)row[column]))];
    }

    static float[] Unit(float[] row)
    {
        var length = Math.Sqrt(row.Sum(value => (double)value * value));
        return [.. row.Select(value => (float)(value / length))];
    }

    static void ShouldBe(float[] actual, float[] expected) => ((ReadOnlySpan<float>)actual).ShouldBeClose(expected, Sums);
}
