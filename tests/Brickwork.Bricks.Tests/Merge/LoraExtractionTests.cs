using Brickwork.Bricks.Tests.Plug;
using Brickwork.TestKit;

namespace Brickwork.Bricks.Tests.Merge;

/// <summary>A brick out of the difference of two models.</summary>
public sealed class LoraExtractionTests : IDisposable
{
    readonly TemporaryFolder _folder = new();
    readonly LanguageModel _model = PicoModel.Llama(new LoadOptions { Precision = Precision.Exact });

    public LoraExtractionTests()
    {
        _model.SaveMerged(PicoBricks.Make("lora", _model), new PlugOptions(), _folder.File("tuned.gguf"));
        PicoModel.Save(PicoModel.LlamaCheckpoint(), _folder.File("base.gguf"));
    }

    public void Dispose()
    {
        _model.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_brick_that_was_worked_in_comes_out_again()
    {
        var extracted = _model.Extract(_folder.File("tuned.gguf"), new ExtractOptions { Rank = 4 });

        extracted.Error.ShouldBeLessThan(1e-5);
        extracted.Left.ShouldBeEmpty();
        extracted.Brick.LargestDifference(PicoBricks.Make("lora", _model)).ShouldBeLessThan(1e-5);
        using var plugged = _model.Plug(extracted.Brick);
        using var tuned = LanguageModel.Load(_folder.File("tuned.gguf"), new LoadOptions { Precision = Precision.Exact });
        ((ReadOnlySpan<float>)MergedWeightsTests.Logits(plugged)).ShouldBeClose(MergedWeightsTests.Logits(tuned), new Tolerance(2e-4, 2e-4, "a product of sums instead of a sum of products"));
    }

    [Fact]
    public void A_lower_rank_says_what_it_lacks_and_other_slots_are_named_as_left_out()
    {
        var cut = _model.Extract(_folder.File("tuned.gguf"), new ExtractOptions { Rank = 2, Targets = new("layers.*.attention.query") });

        cut.Error.ShouldBeInRange(.01, .9);
        cut.Brick.Rank.ShouldBe(2);
        cut.Brick.Manifest.Slots.ShouldBe(["blk.0.attn_q.weight", "blk.1.attn_q.weight"]);
        cut.Left.ShouldBe(["blk.0.attn_v.weight", "blk.0.attn_output.weight", "blk.1.attn_v.weight", "blk.1.attn_output.weight"]);
    }

    [Fact]
    public void Embeddings_and_experts_have_factors_of_their_own()
    {
        using var mixture = PicoModel.Mixture(new LoadOptions { Precision = Precision.Exact });
        PicoModel.Save(PicoModel.MixtureCheckpoint(seed: 2), _folder.File("mixture.gguf"));

        var extracted = mixture.Extract(_folder.File("mixture.gguf"), new ExtractOptions { Rank = 64, Embedding = true });

        extracted.Error.ShouldBeLessThan(1e-5);
        extracted.Left.ShouldAllBe(name => name.Contains("norm", StringComparison.Ordinal));
        using var merged = mixture.MergeBrick(extracted.Brick);
        using var other = CheckpointFile.Open(_folder.File("mixture.gguf"));
        foreach (var name in (string[])["token_embd.weight", "blk.1.ffn_up_exps.weight", "blk.0.ffn_gate_inp.weight", "output.weight"])
            ((ReadOnlySpan<float>)merged.Checkpoint.Open(name).Floats).ShouldBeClose(other.Open(name).Floats, new Tolerance(1e-5, 1e-5, "factors in F32"), name);
    }

    [Fact]
    public void Models_that_are_equal_or_of_other_shapes_are_refused()
    {
        PicoModel.Save(PicoModel.WindowedCheckpoint(), _folder.File("other.gguf"));

        Should.Throw<RecipeException>(() => _model.Extract(_folder.File("base.gguf"))).Message.ShouldContain("differs");
        using var windowed = PicoModel.Windowed();
        Should.Throw<CheckpointException>(() => windowed.Extract(_folder.File("base.gguf"))).Message.ShouldContain("post_attention_norm");
    }

    [Fact]
    public void A_model_with_a_brick_behind_a_plus_is_merged_as_one()
    {
        PicoBricks.Make("lora", _model).Save(_folder.File("lora.brick"));
        using var merged = MergeRecipe.Parse("merge_method: linear\nmodels: [{model: base.gguf, parameters: {weight: 1}}, {model: base.gguf+lora.brick, parameters: {weight: 1}}]", _folder.File("r.yml")).Plan().Merged();
        using var tuned = CheckpointFile.Open(_folder.File("tuned.gguf"));

        foreach (var tensor in merged.Tensors)
        {
            float[] expected = [.. _model.Checkpoint.Open(tensor.Name).Floats.ToArray().Zip(tuned.Open(tensor.Name).Floats.ToArray(), (a, b) => (float)(((double)a + b) / 2))];
            ((ReadOnlySpan<float>)merged.Open(tensor.Name).Floats).ShouldBeClose(expected, Tolerance.Roundings(1), tensor.Name);
        }
        Should.Throw<RecipeException>(() => MergeRecipe.Parse("merge_method: passthrough\nmodels: [base.gguf+none.brick]", _folder.File("r.yml")).Plan()).Message.ShouldContain("none.brick");
    }
}
