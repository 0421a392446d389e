using Brickwork.Formats.BrickFiles;
using Brickwork.TestKit;
using FsCheck;
using FsCheck.Fluent;

namespace Brickwork.Bricks.Tests.Plug;

public class MergedWeightsTests
{
    static readonly Tolerance OneRounding = new(2e-4, 2e-4, "a product of sums instead of a sum of products");

    [Theory]
    [InlineData("lora", 1f)]
    [InlineData("rslora", -0.5f)]
    [InlineData("embedding", 0.5f)]
    [InlineData("dora", 1f)]
    [InlineData("dora", 0.5f)]
    [InlineData("dora", -0.5f)]
    [InlineData("ia3", 1f)]
    [InlineData("ia3", 0.5f)]
    [InlineData("ia3", -0.5f)]
    [InlineData("bitdelta", 0.7f)]
    [InlineData("bitfit", 0.5f)]
    [InlineData("whole", 1f)]
    public void A_brick_in_the_weights_says_what_the_plugged_brick_says(string name, float strength)
    {
        using var model = WithBiases(DType.F32);
        var brick = PicoBricks.Make(name, model);
        using var plugged = model.Plug(brick, strength);
        using var merged = model.MergeBrick(brick, strength);

        ((ReadOnlySpan<float>)Logits(merged)).ShouldBeClose(Logits(plugged), OneRounding, name);
    }

    /// <summary>The largest value decides what a rounding may cost: a sum and a difference in F32, or two roundings to the type of the tensor.</summary>
    [Fact]
    public void Taking_a_brick_out_of_the_weights_gives_the_weights_back() => Check.QuickThrowOnFailure(Prop.ForAll(
        Gen.Elements("lora", "rslora", "embedding", "ia3", "bitdelta", "bitfit", "experts").ToArbitrary(), Gen.Choose(-30, 30).ToArbitrary(),
        Gen.Elements((DType.F32, 1e-6), (DType.F16, 2 * Math.ScaleB(1, -11)), (DType.BF16, 2 * Math.ScaleB(1, -8))).ToArbitrary(), (name, tenths, stored) =>
        {
            using var model = name == "experts" ? PicoModel.Mixture(seed: tenths + 31, type: stored.Item1) : WithBiases(stored.Item1);
            var brick = name == "experts" ? Experts(tenths) : PicoBricks.Make(name, model, seed: tenths + 31);
            using var merged = model.MergeBrick(brick, tenths / 10f);
            using var back = merged.UnmergeBrick(brick, tenths / 10f);

            foreach (var info in model.Tensors)
            {
                var (was, with, now) = (Values(model, info.Name), Values(merged, info.Name), Values(back, info.Name));
                var largest = was.Concat(with).Max(Math.Abs);
                ((ReadOnlySpan<float>)now).ShouldBeClose(was, Tolerance.Within(stored.Item2 * largest, "there and back"), $"{name} {tenths / 10f} {info.Name}");
                back.Checkpoint.Open(info.Name).Type.ShouldBe(info.Type);
            }
        }));

    [Fact]
    public void Ia3_is_divided_out_again_value_by_value()
    {
        using var model = PicoModel.Llama();
        const string Name = "blk.0.attn_v.weight";
        var brick = PicoBricks.Of("ia3", BrickKind.Ia3, (Name + BrickTensors.OutputFactors, Tensor.From([.. Enumerable.Range(1, 16).Select(row => row / 4f)], 16)));
        using var merged = model.MergeBrick(brick);
        using var back = merged.UnmergeBrick(brick);

        var (was, with, now) = (model.Checkpoint.Open(Name), merged.Checkpoint.Open(Name), back.Checkpoint.Open(Name));
        for (var row = 0; row < 16; row++)
        {
            with.Row(row)[3].ShouldBe((row + 1) / 4f * was.Row(row)[3]);
            now.Row(row)[3].ShouldBe((float)(with.Row(row)[3] / ((row + 1) / 4f + 1e-8)), 1e-6 * Math.Abs(was.Row(row)[3]));
        }
    }

    [Fact]
    public void What_cannot_be_undone_is_refused()
    {
        using var model = WithBiases(DType.F32);
        var whole = PicoBricks.Make("whole", model);
        using var merged = model.MergeBrick(whole);
        var zero = PicoBricks.Of("ia3", BrickKind.Ia3, ("blk.0.attn_v.weight" + BrickTensors.OutputFactors, Tensor.Zeros(16)));
        using var silent = model.MergeBrick(zero);
        var dora = PicoBricks.Make("dora", model);
        using var turned = model.MergeBrick(dora);

        Should.Throw<UnsupportedModelException>(() => merged.UnmergeBrick(whole)).Message.ShouldContain("blk.1.attn_v.weight");
        Should.Throw<UnsupportedModelException>(() => silent.UnmergeBrick(zero)).Message.ShouldContain("value 0 of 'blk.0.attn_v.weight");
        Should.Throw<UnsupportedModelException>(() => turned.UnmergeBrick(dora)).Message.ShouldContain("norms");
    }

    [Fact]
    public void What_is_no_change_of_the_models_weights_is_refused()
    {
        using var model = PicoModel.Llama();
        foreach (var name in (string[])["bottleneck", "vector", "prefix", "qlora"])
            Should.Throw<UnsupportedModelException>(() => model.MergeBrick(PicoBricks.Make(name, model)), name).NextStep.ShouldContain("--plug");

        Should.Throw<UnsupportedModelException>(() => model.MergeBrick(PicoBricks.Make("bitfit", model))).Message.ShouldContain("attn_q.bias");
        Should.Throw<RecipeException>(() => model.MergeBrick(PicoBricks.Make("whole", model), 0.5f)).Message.ShouldContain("between 0 and 1");
    }

    static float[] Values(LanguageModel model, string tensor) => model.Checkpoint.Open(tensor).ToFloats().Floats.ToArray();

    static Brick Experts(int seed)
    {
        var random = new Random(seed);
        return PicoBricks.Of("experts", BrickKind.Lora, ("blk.1.ffn_up_exps.weight" + BrickTensors.LoraDown, PicoBricks.Draw(random, 1, PicoModel.Experts, 2, PicoModel.Width)),
            ("blk.1.ffn_up_exps.weight" + BrickTensors.LoraUp, PicoBricks.Draw(random, 1, PicoModel.Experts, 64, 2)));
    }

    /// <summary>The pico Llama with biases in its attention.</summary>
    static LanguageModel WithBiases(DType type)
    {
        var (checkpoint, random) = (PicoModel.LlamaCheckpoint(1, type), new Random(2));
        foreach (var layer in (int[])[0, 1])
            foreach (var (name, outputs) in ((string, int)[])[("q", 32), ("k", 16), ("v", 16), ("output", 32)])
                checkpoint.Add($"blk.{layer}.attn_{name}.bias", PicoBricks.Draw(random, 0.3f, outputs));
        return LanguageModel.From(checkpoint, new LoadOptions { Precision = Precision.Exact });
    }

    internal static float[] Logits(LanguageModel model)
    {
        using var runner = model.CreateRunner();
        using var sequence = runner.StartSequence();
        return runner.Forward(sequence, [5, 17, 33, 101, 250]).Row(0).ToArray();
    }
}
