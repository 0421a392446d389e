using System.Runtime.InteropServices;
using Brickwork.TestKit;

namespace Brickwork.Bricks.Tests.Plug;

public class PlugLaws
{
    static readonly int[] Text = [5, 17, 33, 101, 250, 9, 77, 300];

    [Theory, MemberData(nameof(PicoBricks.All), MemberType = typeof(PicoBricks))]
    public void Plugging_then_unplugging_restores_the_logits_bit_for_bit(string name)
    {
        using var model = PicoModel.Llama();
        var brick = PicoBricks.Make(name, model);
        using var plugged = model.Plug(brick);
        using var unplugged = plugged.Unplug(brick.Id);

        SameBits(Logits(plugged), Logits(model)).ShouldBeFalse("the brick changes something");
        SameBits(Logits(unplugged), Logits(model)).ShouldBeTrue(name);
        plugged.Bricks.Single().Id.ShouldBe(brick.Id);
        unplugged.Bricks.ShouldBeEmpty();
    }

    [Theory, MemberData(nameof(PicoBricks.All), MemberType = typeof(PicoBricks))]
    public void A_brick_of_strength_zero_changes_no_bit(string name)
    {
        using var model = PicoModel.Llama(type: DType.Q8_0);
        var brick = PicoBricks.Make(name, model);
        using var plugged = model.Plug(brick, strength: 0);
        using var silenced = model.Plug(brick);

        SameBits(Logits(plugged), Logits(model)).ShouldBeTrue("plugged at strength 0");
        SameBits(Logits(silenced, BrickStrengths.None), Logits(model)).ShouldBeTrue("silenced for the call");
    }

    [Theory, MemberData(nameof(PicoBricks.New), MemberType = typeof(PicoBricks))]
    public void A_new_brick_changes_no_bit(string name)
    {
        using var model = PicoModel.Llama();
        using var plugged = model.Plug(PicoBricks.Begin(name, model));

        SameBits(Logits(plugged), Logits(model)).ShouldBeTrue(name);
    }

    [Theory]
    [InlineData(DType.F32)]
    [InlineData(DType.Q4_0)]
    public void A_row_says_the_same_alone_and_in_a_batch_of_rows_under_other_bricks(DType type)
    {
        using var model = PicoModel.Llama(type: type);
        using var plugged = All(model);
        string[] ids = [.. plugged.Bricks.Select(brick => brick.Id)];
        List<BrickStrengths?> choices =
        [
            null, BrickStrengths.None, .. ids.Select(id => BrickStrengths.Only(id)), BrickStrengths.Only(ids[0], 0.5f), BrickStrengths.Only(ids[0], -2),
            BrickStrengths.Stack("lora-1", "ia3-1"), BrickStrengths.Average("lora-1", "rslora-1"),
            BrickStrengths.Only("lora-1").Until(3, BrickStrengths.Only("vector")).Until(6, BrickStrengths.None),
        ];

        using var runner = plugged.CreateRunner();
        var sequences = choices.Select(choice => choice is null ? runner.StartSequence() : runner.StartSequence(choice)).ToList();
        foreach (var token in Text[..^1])
            Feed([token], LogitRows.None);
        var together = Feed([Text[^1]], LogitRows.Last);

        for (var index = 0; index < choices.Count; index++)
            SameBits(together.Row(index).ToArray(), Logits(plugged, choices[index])).ShouldBeTrue($"choice {index}");
        Distinct(together).ShouldBe(choices.Count);

        Tensor Feed(int[] tokens, LogitRows rows)
        {
            var batch = new Batch();
            foreach (var sequence in sequences)
                batch.Add(sequence, tokens, rows);
            return runner.Forward(batch);
        }
    }

    [Theory]
    [InlineData(DType.F16)]
    [InlineData(DType.BF16)]
    public void Factors_in_16_bits_say_what_their_values_in_32_bits_say(DType type)
    {
        using var model = PicoModel.Llama();
        var small = PicoBricks.Make("lora", model).As(type);
        using var narrow = model.Plug(small);
        using var wide = model.Plug(small.As(DType.F32));

        small.Tensors.Values.ShouldContain(tensor => tensor.Type == type);
        SameBits(Logits(narrow), Logits(wide)).ShouldBeTrue("eight tokens at once");
        AllLogits(narrow, BrickStrengths.Only(small.Id)).Zip(AllLogits(wide, BrickStrengths.Only(small.Id))).ShouldAllBe(pair => SameBits(pair.First, pair.Second));
        using var trained = model.TrainBrick(small);
        trained.Parameters.ShouldAllBe(parameter => parameter.Value.Type == DType.F32);
        Should.Throw<ArgumentException>(() => small.As(DType.Q8_0));
    }

    [Fact]
    public void Experts_and_single_outputs_see_the_strengths_of_their_own_rows()
    {
        using var model = PicoModel.Mixture();
        var brick = new NewLora { Id = "experts", Targets = new("{layers.*.feedForward.experts.*.up,head.project}"), Rank = 2 }.Make(model);
        var random = new Random(3);
        foreach (var tensor in brick.Tensors.Values.Where(tensor => tensor.Shape.Rank == 2))
            PicoBricks.Draw(random, 0.5f, tensor.Rows, tensor.Columns).Floats.CopyTo(tensor.Floats);
        using var plugged = model.Plug(brick);
        using var runner = plugged.CreateRunner();
        using var loud = runner.StartSequence(BrickStrengths.Only("experts"));
        using var quiet = runner.StartSequence(BrickStrengths.None);
        using var half = runner.StartSequence(BrickStrengths.Only("experts", 0.5f));

        var together = runner.Forward(new Batch().Add(loud, Text).Add(quiet, Text).Add(half, Text));

        SameBits(together.Row(0).ToArray(), Logits(plugged)).ShouldBeTrue();
        SameBits(together.Row(1).ToArray(), Logits(model)).ShouldBeTrue();
        SameBits(together.Row(2).ToArray(), Logits(plugged, BrickStrengths.Only("experts", 0.5f))).ShouldBeTrue();
    }

    [Fact]
    public void A_split_by_position_says_what_the_first_brick_says_up_to_there()
    {
        using var model = PicoModel.Llama();
        using var plugged = All(model);
        var split = BrickStrengths.Only("lora-1").Until(4, BrickStrengths.Only("bottleneck-1"));

        var rows = AllLogits(plugged, split);

        for (var row = 0; row < Text.Length; row++)
            SameBits(rows[row], AllLogits(plugged, BrickStrengths.Only("lora-1"))[row]).ShouldBe(row < 4, $"row {row}");
    }

    [Fact]
    public void Strengths_of_bricks_that_are_not_plugged_or_have_none_are_refused()
    {
        using var model = PicoModel.Llama();
        var whole = PicoBricks.Make("whole", model);
        using var plugged = model.Plug(whole);
        using var runner = plugged.CreateRunner();

        Should.Throw<RecipeException>(() => runner.StartSequence(BrickStrengths.Only("poet"))).Message.ShouldContain("'poet'");
        Should.Throw<RecipeException>(() => runner.StartSequence(BrickStrengths.Only("whole", 0.5f))).Message.ShouldContain("0.5");
        Should.Throw<RecipeException>(() => model.Plug(whole, 0.5f));
        Should.Throw<RecipeException>(() => model.Plug(PicoBricks.Make("lora", model), float.NaN));
        Should.Throw<RecipeException>(() => plugged.Plug(whole)).Message.ShouldContain("already");
        Should.Throw<RecipeException>(() => plugged.Unplug("poet")).Message.ShouldContain("whole");
    }

    [Fact]
    public void A_brick_for_another_model_is_refused()
    {
        using var model = PicoModel.Llama();
        using var other = PicoModel.Llama(seed: 2);
        using var stories = LanguageModel.Load(SharedData.InRepository("models", "stories260k.gguf"));
        var brick = PicoBricks.Make("lora", model);

        Should.Throw<CheckpointException>(() => other.Plug(brick)).Message.ShouldContain("made for the model");
        using var allowed = other.Plug(brick, new PlugOptions { AnyParent = true });
        Should.Throw<CheckpointException>(() => stories.Plug(brick, new PlugOptions { AnyParent = true })).Message.ShouldContain("the model implies");
        var strange = PicoBricks.Of("strange", BrickKind.Lora, ("blk.9.attn_q.weight.lora_a", Tensor.Zeros(2, 32)), ("blk.9.attn_q.weight.lora_b", Tensor.Zeros(32, 2)));
        Should.Throw<CheckpointException>(() => model.Plug(strange)).Message.ShouldContain("blk.9.attn_q.weight");
        var ranks = PicoBricks.Of("ranks", BrickKind.Lora, ("blk.0.attn_q.weight.lora_a", Tensor.Zeros(3, 32)), ("blk.0.attn_q.weight.lora_b", Tensor.Zeros(32, 2)));
        Should.Throw<CheckpointException>(() => model.Plug(ranks)).Message.ShouldContain("rank 2");
    }

    [Fact]
    public void Bricks_may_be_unplugged_in_any_order()
    {
        using var model = PicoModel.Llama();
        using var all = All(model);
        foreach (var order in (string[][])[[.. all.Bricks.Select(brick => brick.Id)], [.. all.Bricks.Select(brick => brick.Id).Reverse()]])
        {
            var left = all.Unplug(order[0]);
            foreach (var id in order[1..])
            {
                using var before = left;
                left = before.Unplug(id);
            }
            using (left)
                SameBits(Logits(left), Logits(model)).ShouldBeTrue();
        }
    }

    [Fact]
    public void Bricks_find_their_slots_inside_layers_that_other_bricks_stand_around()
    {
        using var model = PicoModel.Llama();
        using var steered = model.Plug(PicoBricks.Make("vector", model));
        using var narrow = steered.Plug(PicoBricks.Make("bottleneck", steered));
        using var low = narrow.Plug(PicoBricks.Make("lora", narrow));
        using var plain = model.Plug(PicoBricks.Make("lora", model));

        SameBits(Logits(low, BrickStrengths.Only("lora-1")), Logits(plain)).ShouldBeTrue();
    }

    static LanguageModel All(LanguageModel model)
    {
        var plugged = model.Plug(PicoBricks.Make("dora", model));
        foreach (var name in PicoBricks.Names.Where(name => name is not ("dora" or "whole")))
        {
            using var before = plugged;
            plugged = before.Plug(PicoBricks.Make(name, model));
        }
        return plugged;
    }

    /// <summary>What a model says behind a text.</summary>
    internal static float[] Logits(LanguageModel model, BrickStrengths? bricks = null, int[]? text = null) => AllLogits(model, bricks, text)[^1];

    static List<float[]> AllLogits(LanguageModel model, BrickStrengths? bricks = null, int[]? text = null)
    {
        using var runner = model.CreateRunner(new RunnerOptions { Bricks = bricks });
        using var sequence = runner.StartSequence();
        var output = runner.Forward(sequence, text ?? Text, LogitRows.All);
        return [.. Enumerable.Range(0, output.Rows).Select(row => output.Row(row).ToArray())];
    }

    static int Distinct(Tensor rows) => Enumerable.Range(0, rows.Rows).Select(row => Convert.ToHexString(MemoryMarshal.AsBytes<float>(rows.Row(row)))).Distinct().Count();

    static bool SameBits(float[] a, float[] b) => MemoryMarshal.AsBytes<float>(a).SequenceEqual(MemoryMarshal.AsBytes<float>(b));
}
