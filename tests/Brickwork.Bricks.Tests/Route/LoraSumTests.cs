using Brickwork.Bricks.Tests.Plug;
using Brickwork.Formats.BrickFiles;
using Brickwork.TestKit;

namespace Brickwork.Bricks.Tests.Route;

public class LoraSumTests
{
    static readonly Tolerance Reordered = new(2e-4, 2e-4, "one product of more ranks instead of several");

    [Fact]
    public void A_sum_of_products_says_what_the_bricks_say_plugged_at_their_weights()
    {
        using var model = PicoModel.Llama();
        Brick[] bricks = [PicoBricks.Make("lora", model), PicoBricks.Make("rslora", model), PicoBricks.Make("embedding", model), PicoBricks.Make("lora", model, 2)];
        float[] weights = [0.5f, -1.25f, 0.3f, 2];
        var sum = LoraSum.Of("sum", bricks, weights);
        using var one = model.Plug(sum);
        var several = model.With(model.Decoder);
        foreach (var (brick, weight) in bricks.Zip(weights))
        {
            using var before = several;
            several = before.Plug(brick, weight);
        }
        using (several)
            ((ReadOnlySpan<float>)Logits(one)).ShouldBeClose(Logits(several), Reordered);
        sum.Rank.ShouldBe(8);
        sum.Manifest.Log[^1].Arguments["weights"].ShouldBe("0.5 -1.25 0.3 2");
        sum.Manifest.Log[^1].Inputs.Select(input => input.Name).ShouldBe(bricks.Select(brick => brick.Id));
    }

    [Fact]
    public void A_sum_of_factors_is_the_product_of_the_sums_so_that_weights_act_squared()
    {
        using var model = PicoModel.Llama();
        var bricks = RouteLaws.Three(model);
        const string Target = "blk.0.attn_q.weight";

        var sum = LoraSum.Of("sum", bricks, [1, -2, 0.5f], LoraSumOf.Factors);

        foreach (var role in (string[])[BrickTensors.LoraDown, BrickTensors.LoraUp])
            for (var index = 0; index < sum.Tensors[Target + role].Floats.Length; index += 7)
            {
                float Of(int brick) => bricks[brick].Tensors[Target + role].Floats[index];
                sum.Tensors[Target + role].Floats[index].ShouldBe(Of(0) - 2 * Of(1) + 0.5f * Of(2), 1e-5f);
            }
        // One brick at weight 0.5 does a quarter of what it does by itself.
        using var half = model.Plug(LoraSum.Of("half", [bricks[0]], [0.5f], LoraSumOf.Factors));
        using var quarter = model.Plug(bricks[0], 0.25f);
        ((ReadOnlySpan<float>)Logits(half)).ShouldBeClose(Logits(quarter), Reordered);
    }

    [Fact]
    public void A_sum_is_made_again_from_its_log_to_the_same_bytes()
    {
        using var folder = new TemporaryFolder();
        using var model = PicoModel.Llama();
        foreach (var seed in (int[])[1, 2])
            PicoBricks.Make("lora", model, seed).Save(folder.File($"{seed}.brick"));
        Brick[] bricks = [Brick.Open(folder.File("1.brick")), Brick.Open(folder.File("2.brick"))];
        LoraSum.Of("sum", bricks, [0.3f, -1 / 3f], LoraSumOf.Factors).Save(folder.File("sum.brick"));
        File.Move(folder.File("1.brick"), folder.File("renamed.brick"));

        OperationReplay.Run(folder.File("sum.brick"), folder.File("again.brick"), new ReplayOptions { Places = [folder.Path] });

        File.ReadAllBytes(folder.File("again.brick")).ShouldBe(File.ReadAllBytes(folder.File("sum.brick")));
    }

    [Fact]
    public void What_has_no_sum_is_refused()
    {
        using var model = PicoModel.Llama();
        var lora = PicoBricks.Make("lora", model);
        var wide = new NewLora { Id = "wide", Targets = new("layers.*.attention.query"), Rank = 6 }.Make(model);

        Should.Throw<RecipeException>(() => LoraSum.Of("sum", [lora, wide], [1, 1], LoraSumOf.Factors)).Message.ShouldContain("ranks 4 and 6");
        Should.Throw<RecipeException>(() => LoraSum.Of("sum", [lora], [1, 1])).Message.ShouldContain("weights");
        Should.Throw<RecipeException>(() => LoraSum.Of("sum", [lora], [float.NaN])).Message.ShouldContain("finite");
        Should.Throw<RecipeException>(() => LoraSum.Of("sum", [], []));
        Should.Throw<RecipeException>(() => LoraSum.Of("sum", [PicoBricks.Make("ia3", model)], [1])).Message.ShouldContain("ia3-1");
    }

    [Fact]
    public void General_knowledge_is_the_mean_of_the_general_factors_taken_away()
    {
        using var model = PicoModel.Llama();
        var bricks = RouteLaws.Three(model);
        const string Name = "blk.1.attn_v.weight" + BrickTensors.LoraDown;

        var own = GeneralKnowledge.Subtract([bricks[0]], bricks[1..]).Single();

        own.Id.ShouldBe(bricks[0].Id);
        own.Manifest.Slots.ShouldBe(bricks[0].Manifest.Slots);
        own.Manifest.Licence.ShouldBeNull();
        GeneralKnowledge.Subtract([bricks[0].UnderLicence("MIT")], [bricks[1]]).Single().Manifest.Licence.ShouldBeNull("the general brick names none");
        GeneralKnowledge.Subtract([bricks[0].UnderLicence("MIT")], [bricks[1].UnderLicence("MIT")]).Single().Manifest.Licence.ShouldBe("MIT");
        for (var index = 0; index < own.Tensors[Name].Floats.Length; index += 5)
            own.Tensors[Name].Floats[index].ShouldBe(
                bricks[0].Tensors[Name].Floats[index] - (bricks[1].Tensors[Name].Floats[index] + bricks[2].Tensors[Name].Floats[index]) / 2, 1e-6f);
        var itself = GeneralKnowledge.Subtract([bricks[0]], [bricks[0]]).Single();
        itself.Tensors[Name].Floats.ToArray().ShouldAllBe(value => value == 0);
        var wide = new NewLora { Id = "wide", Targets = new("layers.*.attention.query"), Rank = 6 }.Make(model);
        Should.Throw<RecipeException>(() => GeneralKnowledge.Subtract(bricks, [wide])).Message.ShouldContain("rank 6");
    }

    static float[] Logits(LanguageModel model)
    {
        using var runner = model.CreateRunner();
        using var sequence = runner.StartSequence();
        return runner.Forward(sequence, [5, 17, 33, 101, 250]).Row(0).ToArray();
    }
}
