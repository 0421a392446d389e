using Brickwork.Tensors.Storage;

namespace Brickwork.Bricks.Tests.Make;

/// <summary>Parameter counts that PEFT reports for Llama-3.2-3B (huggingface/peft, method_comparison/MetaMathQA/results).</summary>
public class ParameterCountTests
{
    const int Layers = 28, Width = 3072, Keys = 1024, Hidden = 8192;

    [Fact]
    public void Counts_are_those_of_peft()
    {
        using var model = Llama3B();
        NewBrick queryValue = new NewLora { Id = "a", Targets = new("layers.*.attention.{query,value}"), Rank = 32 };

        queryValue.CountParameters(model).ShouldBe(9_175_040);
        ((NewLora)queryValue with { Rank = 64, Scaling = LoraScaling.ByRootOfRank }).CountParameters(model).ShouldBe(18_350_080);
        new NewDora { Id = "a", Targets = queryValue.Targets, Rank = 32 }.CountParameters(model).ShouldBe(9_289_728);
        new NewLora { Id = "a", Targets = new("layers.*.feedForward.*"), Rank = 10 }.CountParameters(model).ShouldBe(9_461_760);
        new NewIa3 { Id = "a", Targets = new("layers.*.{attention.key,attention.value,feedForward.down}") }.CountParameters(model).ShouldBe(286_720);
        new NewQLora { Id = "a", Targets = queryValue.Targets, Rank = 32 }.CountParameters(model).ShouldBe(9_175_040);
        new NewPissa { Id = "a", Targets = queryValue.Targets, Rank = 32 }.CountParameters(model).ShouldBe(9_175_040);
        new NewPrompt { Id = "a", Targets = new("embedding"), Tokens = 200 }.CountParameters(model).ShouldBe(614_400);
        new NewPrefix { Id = "a", Targets = new("layers.*.attention"), Tokens = 200 }.CountParameters(model).ShouldBe(11_468_800);
        new NewIa3 { Id = "a", Targets = new("layers.*.{attention,feedForward}.*"), Inputs = new("layers.*.feedForward.*") }.CountParameters(model).ShouldBe(630_784);
    }

    [Fact]
    public void A_full_fine_tune_trains_every_weight()
    {
        const long Tokens = 128_256;
        using var model = Llama3B();

        (model.Tensors.Sum(tensor => tensor.Shape.Count) + (Tokens - TestKit.PicoModel.Vocabulary) * Width).ShouldBe(3_212_749_824);
    }

    [Fact]
    public void Counts_of_the_others_follow_their_formulas()
    {
        using var model = Llama3B();

        new NewBottleneck { Id = "a", Targets = new("layers.*.{attention,feedForward}"), Neurons = 64 }.CountParameters(model)
            .ShouldBe(Layers * 2 * (2L * 64 * Width + 64 + Width));
        new NewBitFit { Id = "a", Targets = new("layers.*.{attention,feedForward}.*") }.CountParameters(model)
            .ShouldBe(Layers * (2L * Width + 2 * Keys + 2 * Hidden + Width));
    }

    [Fact]
    public void Patterns_that_mean_nothing_or_no_projection_are_refused()
    {
        using var model = Llama3B();

        Should.Throw<SlotNotFoundException>(() => new NewLora { Id = "a", Targets = new("layers.*.attention.queries") }.CountParameters(model)).Message.ShouldContain("queries");
        Should.Throw<RecipeException>(() => new NewLora { Id = "a", Targets = new("layers.*.attention") }.CountParameters(model)).Message.ShouldContain("layers.0.attention");
        Should.Throw<RecipeException>(() => new NewLora { Id = "a", Targets = new("layers.0.attention.query"), Rank = 0 }.CountParameters(model)).Message.ShouldContain("rank");
        Should.Throw<RecipeException>(() => new NewLora { Id = "a", Targets = new("layers.0.attention.key"), Rank = 3073 }.CountParameters(model)).Message.ShouldContain("3073, but 'blk.0.attn_k.weight' has 3072 inputs and 1024 outputs");
        Should.Throw<RecipeException>(() => new SlotPattern("layers.{a"));
    }

    /// <summary>Shapes only: all tensors look at the same zeros.</summary>
    static LanguageModel Llama3B()
    {
        var checkpoint = new MemoryCheckpoint("shapes of Llama-3.2-3B");
        TestKit.PicoModel.LlamaCheckpoint().Metadata.ToList().ForEach(entry => checkpoint.Metadata.Set(entry.Key, entry.Value));
        foreach (var (key, value) in (ReadOnlySpan<(string, int)>)[("block_count", Layers), ("embedding_length", Width), ("feed_forward_length", Hidden),
            ("attention.head_count", 24), ("attention.head_count_kv", 8)])
            checkpoint.Metadata.Set($"llama.{key}", value);
        var zeros = new NativeStorage((long)Hidden * Width * sizeof(float));
        Add("token_embd.weight", TestKit.PicoModel.Vocabulary, Width);
        Add("output_norm.weight", Width);
        for (var layer = 0; layer < Layers; layer++)
            foreach (var (name, shape) in (ReadOnlySpan<(string, long[])>)[("attn_norm", [Width]), ("attn_q", [Width, Width]), ("attn_k", [Keys, Width]), ("attn_v", [Keys, Width]),
                ("attn_output", [Width, Width]), ("ffn_norm", [Width]), ("ffn_gate", [Hidden, Width]), ("ffn_up", [Hidden, Width]), ("ffn_down", [Width, Hidden])])
                Add($"blk.{layer}.{name}.weight", shape);
        return LanguageModel.From(checkpoint);

        void Add(string name, params long[] shape) => checkpoint.Add(name, new Tensor(zeros, 0, DType.F32, new Shape(shape)));
    }
}
