using System.Runtime.InteropServices;
using Brickwork.Bricks.Tests.Make;
using Brickwork.Bricks.Tests.Plug;
using Brickwork.Formats.BrickFiles;
using Brickwork.TestKit;

namespace Brickwork.Bricks.Tests.Route;

public sealed class GateTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Gates_learn_while_everything_else_rests()
    {
        using var model = PicoModel.Llama();
        var brick = PicoBricks.Make("lora", model);

        var gated = model.TrainGates(brick, [Batch(1), Batch(2)], new ShortTraining { Steps = 6 });

        foreach (var (name, tensor) in brick.Tensors)
            gated.Tensors[name].Floats.SequenceEqual(tensor.Floats).ShouldBeTrue(name);
        string[] gates = [.. gated.Tensors.Keys.Except(brick.Tensors.Keys)];
        gates.Length.ShouldBe(6, "query, value and output of two layers");
        foreach (var gate in gates)
        {
            gate.ShouldEndWith(BrickTensors.Gate);
            gated.Tensors[gate].Floats.ToArray().ShouldContain(value => value != 0, gate);
        }
    }

    [Theory]
    [InlineData(DType.F32), InlineData(DType.F16)]
    public void Bricks_plugged_below_rest_while_gates_a_fusion_or_a_brick_learn(DType type)
    {
        using var model = PicoModel.Llama();
        var bricks = RouteLaws.Three(model);
        var below = PicoBricks.Make("lora", model, seed: 9).As(type);
        using var stack = model.Plug(below);

        var gated = stack.TrainGates(bricks[0], [Batch(1)], new ShortTraining { Steps = 2 });
        var fusion = stack.TrainFusion(bricks, new NewFusion().Make(stack, bricks), [Batch(1)], new ShortTraining { Steps = 2 });
        using var trained = stack.TrainBrick(bricks[0]);

        gated.Tensors.Any(entry => entry.Key.EndsWith(BrickTensors.Gate, StringComparison.Ordinal) && entry.Value.Floats.ContainsAnyExcept(0)).ShouldBeTrue();
        fusion.Tensors.Any(entry => entry.Key.EndsWith(BrickTensors.FuseQuery, StringComparison.Ordinal) && entry.Value.Floats.ContainsAnyExcept(0)).ShouldBeTrue();
        trained.Parameters.Count.ShouldBe(bricks[0].Tensors.Keys.Count(BrickTensors.IsTrained));
        below.LargestDifference(PicoBricks.Make("lora", model, seed: 9).As(type)).ShouldBe(0);
    }

    [Fact]
    public void Gates_and_fusions_of_bricks_of_another_model_are_trained_only_when_asked()
    {
        using var model = PicoModel.Llama();
        using var other = PicoModel.Llama(seed: 2);
        var bricks = RouteLaws.Three(model);
        var fusion = new NewFusion().Make(other, bricks);

        Should.Throw<CheckpointException>(() => other.TrainGates(bricks[0], [Batch(1)])).NextStep.ShouldContain("--any-parent");
        Should.Throw<CheckpointException>(() => other.TrainFusion(bricks, fusion, [Batch(1)])).NextStep.ShouldContain("--any-parent");
        var any = new ShortTraining { Steps = 1, AnyParent = true };
        other.TrainGates(bricks[0], [Batch(1)], any).Tensors.Count.ShouldBeGreaterThan(bricks[0].Tensors.Count);
        other.TrainFusion(bricks, fusion, [Batch(1)], any).Manifest.Parent.ShouldBe(other.Fingerprint);
    }

    [Fact]
    public void Training_lowers_the_loss_behind_the_gates()
    {
        using var model = PicoModel.Llama();
        var brick = PicoBricks.Make("lora", model);
        TokenBatch[] batches = [Batch(1)];
        var losses = Enumerable.Range(0, 3).Select(steps => model.TrainGates(brick, batches, new ShortTraining { Steps = 1 + 20 * steps, Rate = 0.02f })).Select(Loss).ToList();

        losses[1].ShouldBeLessThan(losses[0]);
        losses[2].ShouldBeLessThan(losses[1]);

        double Loss(Brick gated)
        {
            using var plugged = BrickGates.Plug(model, gated);
            using var trainable = TrainableModel.OfBrick(model.With(plugged.Decoder), gated.Id, new TrainableOptions());
            return trainable.Evaluate(batches[0]).Mean;
        }
    }

    [Fact]
    public void A_brick_with_gates_does_by_itself_what_it_did_also_out_of_a_file()
    {
        using var model = PicoModel.Llama();
        var brick = PicoBricks.Make("lora", model);
        model.TrainGates(brick, [Batch(1)], new ShortTraining { Steps = 2 }).Save(_folder.File("gated.brick"));
        using var plain = model.Plug(brick);
        using var gated = model.Plug(Brick.Open(_folder.File("gated.brick")));

        MemoryMarshal.AsBytes<float>(Logits(gated)).SequenceEqual(MemoryMarshal.AsBytes<float>(Logits(plain))).ShouldBeTrue();
    }

    [Theory]
    [InlineData("joined lora", 3)]
    [InlineData("stacked lora", PicoModel.Experts)]
    public void Projections_that_share_a_tensor_have_gates_of_their_own_also_out_of_a_file(string name, int projections)
    {
        using var model = SharedTensors.Model(name);
        var brick = SharedTensors.Make(name, model);

        model.TrainGates(brick, [Batch(1)], new ShortTraining { Steps = 2 }).Save(_folder.File("gated.brick"));

        var gated = Brick.Open(_folder.File("gated.brick"));
        string[] gates = [.. gated.Tensors.Keys.Except(brick.Tensors.Keys)];
        gates.Length.ShouldBe(projections, string.Join(", ", gates));
        foreach (var gate in gates)
        {
            gate.ShouldEndWith(BrickTensors.Gate);
            gated.Tensors[gate].Floats.ContainsAnyExcept(0).ShouldBeTrue(gate);
        }
        using var plain = model.Plug(brick);
        using var plugged = model.Plug(gated);
        using var routed = model.Route([gated], GateRouter.Of(model, [gated]), new RouteOptions { Rule = new RouteRule { TopK = 1 } });
        Logits(plugged).ShouldBe(Logits(plain));
        Logits(routed).ShouldBe(Logits(plain), "the only choice");
    }

    [Fact]
    public void A_gate_for_a_projection_that_the_model_lacks_is_refused()
    {
        using var model = PicoModel.Llama();
        var gated = PicoBricks.Of("gated", BrickKind.Lora, [.. PicoBricks.Make("lora", model).Tensors.Select(entry => (entry.Key, entry.Value)), ("layers.7.attention.query" + BrickTensors.Gate, Tensor.Zeros(PicoModel.Width))]);

        Should.Throw<CheckpointException>(() => model.Plug(gated)).Message.ShouldContain("layers.7.attention.query");
    }

    [Fact]
    public void Scores_are_products_of_standardized_gates_and_rows_over_the_root_of_their_length()
    {
        using var model = PicoModel.Llama();
        Brick[] bricks = [.. RouteLaws.Three(model).Select((brick, index) => model.TrainGates(brick, [Batch(index)], new ShortTraining { Steps = 3 }))];
        var rows = PicoBricks.Draw(new Random(4), 1, 4, PicoModel.Width);
        var scores = Tensor.Zeros(4, 3);

        GateRouter.Of(model, bricks).Score(SlotPath.Layer(1).Attention / "value", rows, model.Compute, scores);

        for (var brick = 0; brick < 3; brick++)
        {
            var gate = Standardized(bricks[brick].Tensors["blk.1.attn_v.weight" + BrickTensors.Gate].Floats);
            for (var row = 0; row < 4; row++)
                scores.Row(row)[brick].ShouldBe((float)(gate.Zip(Standardized(rows.Row(row)), (a, b) => a * b).Sum() / Math.Sqrt(PicoModel.Width)), 1e-4f);
        }
        using var routed = model.Route(bricks, GateRouter.Of(model, bricks), new RouteOptions { Rule = new RouteRule { TopK = 2 } });
        Logits(routed).ShouldNotBe(Logits(model));
    }

    [Fact]
    public void Bricks_without_gates_and_parts_that_have_none_are_refused()
    {
        using var model = PicoModel.Llama();

        Should.Throw<RecipeException>(() => GateRouter.Of(model, RouteLaws.Three(model))).Message.ShouldContain("no gate");
        Should.Throw<UnsupportedModelException>(() => model.TrainGates(PicoBricks.Make("bottleneck", model), [Batch(1)])).Message.ShouldContain("no LoRA");
        Should.Throw<UnsupportedModelException>(() => model.TrainGates(PicoBricks.Make("pissa", model), [Batch(1)])).Message.ShouldContain("no LoRA");
        Should.Throw<RecipeException>(() => model.TrainGates(PicoBricks.Make("lora", model), [])).Message.ShouldContain("no texts");
    }

    internal static TokenBatch Batch(int seed)
    {
        int[] tokens = [.. Enumerable.Range(0, 24).Select(place => (place * (37 + seed) + 3) % PicoModel.Vocabulary)];
        return new TokenBatch(tokens, [.. tokens.Skip(1).Append(tokens[0])], [13, 11]);
    }

    static double[] Standardized(ReadOnlySpan<float> values)
    {
        double[] all = [.. values.ToArray().Select(value => (double)value)];
        var mean = all.Average();
        var deviation = Math.Sqrt(all.Average(value => Math.Pow(value - mean, 2)));
        return [.. all.Select(value => (value - mean) / deviation)];
    }

    static float[] Logits(LanguageModel model)
    {
        using var runner = model.CreateRunner();
        using var sequence = runner.StartSequence();
        return runner.Forward(sequence, [5, 17, 33, 101, 250]).Row(0).ToArray();
    }
}
