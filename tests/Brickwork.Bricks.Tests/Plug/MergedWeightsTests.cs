using Brickwork.TestKit;

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
    public void A_brick_in_the_weights_says_what_the_plugged_brick_says(string name, float strength)
    {
        using var model = PicoModel.Llama(new LoadOptions { Precision = Precision.Exact });
        var brick = PicoBricks.Make(name, model);
        using var plugged = model.Plug(brick, strength);
        using var merged = model.MergeBrick(brick, strength);

        ((ReadOnlySpan<float>)Logits(merged)).ShouldBeClose(Logits(plugged), OneRounding, name);
    }

    [Fact]
    public void Taking_a_brick_out_of_the_weights_gives_the_weights_back()
    {
        using var model = PicoModel.Llama();
        var brick = PicoBricks.Make("lora", model);
        using var merged = model.MergeBrick(brick, 0.7f);
        using var back = merged.UnmergeBrick(brick, 0.7f);

        foreach (var info in model.Tensors)
            ((ReadOnlySpan<float>)back.Checkpoint.Open(info.Name).Floats).ShouldBeClose(
                model.Checkpoint.Open(info.Name).Floats, new Tolerance(1e-6, 1e-6, "a sum and a difference"), info.Name);
    }

    [Fact]
    public void What_is_no_sum_of_weights_is_refused()
    {
        using var model = PicoModel.Llama();
        foreach (var name in (string[])["bottleneck", "vector"])
            Should.Throw<UnsupportedModelException>(() => model.MergeBrick(PicoBricks.Make(name, model))).NextStep.ShouldContain("--plug");
        Should.Throw<UnsupportedModelException>(() => model.UnmergeBrick(PicoBricks.Make("dora", model)));
    }

    internal static float[] Logits(LanguageModel model)
    {
        using var runner = model.CreateRunner();
        using var sequence = runner.StartSequence();
        return runner.Forward(sequence, [5, 17, 33, 101, 250]).Row(0).ToArray();
    }
}
