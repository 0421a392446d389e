using System.Runtime.InteropServices;
using Brickwork.Bricks.Tests.Plug;
using Brickwork.Formats.BrickFiles;
using Brickwork.TestKit;

namespace Brickwork.Bricks.Tests.Route;

public sealed class FusionTests : IDisposable
{
    static readonly Tolerance Reordered = new(2e-4, 2e-4, "a mean of outputs instead of an output of the mean");
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_fusion_by_itself_is_refused_with_how_to_plug_it()
    {
        using var model = PicoModel.Llama();
        var fusion = new NewFusion().Make(model, RouteLaws.Three(model));

        Should.Throw<UnsupportedModelException>(() => model.Plug(fusion)).NextStep.ShouldContain("--route fuse:file=");
    }

    [Fact]
    public void A_new_fusion_is_the_mean_of_its_bricks()
    {
        using var model = PicoModel.Llama();
        var bricks = RouteLaws.Three(model);
        using var fused = model.Fuse(bricks, new NewFusion().Make(model, bricks));
        using var mean = model.Plug(LoraSum.Of("mean", bricks, [1 / 3f, 1 / 3f, 1 / 3f]));

        ((ReadOnlySpan<float>)Logits(fused)).ShouldBeClose(Logits(mean), Reordered);
    }

    [Theory]
    [InlineData("lora")]
    [InlineData("bottleneck")]
    public void A_fusion_of_one_brick_is_that_brick_plugged(string kind)
    {
        using var model = PicoModel.Llama(type: DType.Q8_0);
        var brick = PicoBricks.Make(kind, model);
        using var fused = model.Fuse([brick], Random(new NewFusion().Make(model, [brick])));
        using var plugged = model.Plug(brick);

        SameBits(Logits(fused), Logits(plugged)).ShouldBeTrue();
        using var back = fused.Unplug("fusion");
        SameBits(Logits(back), Logits(model)).ShouldBeTrue();
    }

    [Theory]
    [InlineData("lora")]
    [InlineData("bottleneck")]
    public void Queries_and_keys_learn_and_their_gradients_say_how_the_loss_changes(string kind)
    {
        using var model = PicoModel.Llama();
        Brick[] bricks = [.. Enumerable.Range(1, 3).Select(seed => PicoBricks.Make(kind, model, seed))];
        using var trainable = model.TrainFusion(bricks, Random(new NewFusion { Width = 4 }.Make(model, bricks)), new TrainableOptions { Threads = 2 });
        var batch = GateTests.Batch(2);
        trainable.Accumulate(batch, 1);

        trainable.Parameters.ShouldAllBe(parameter => parameter.Name.Contains(".fuse_"));
        foreach (var parameter in trainable.Parameters)
        {
            var (values, gradient) = (parameter.Value.Floats.ToArray(), parameter.Gradient.Floats.ToArray());
            var length = Math.Sqrt(gradient.Sum(slope => (double)slope * slope));
            length.ShouldBeGreaterThan(0, parameter.Name);
            // The small networks have kinks, and a small step may not drown in rounding.
            var step = Math.Min(0.02 / length, 0.02 * Math.Sqrt(values.Sum(value => (double)value * value)));
            ((LossAt(step) - LossAt(-step)) / (2 * step)).ShouldBe(length, 0.05 * length, parameter.Name);
            LossAt(0);

            double LossAt(double distance)
            {
                for (var index = 0; index < values.Length; index++)
                    parameter.Value.Floats[index] = (float)(values[index] + distance * gradient[index] / length);
                return trainable.Evaluate(batch).Nats;
            }
        }
    }

    [Fact]
    public void A_trained_fusion_is_taken_saved_and_opened_again_and_chooses_as_it_did()
    {
        using var model = PicoModel.Llama();
        var bricks = RouteLaws.Three(model);
        var start = new NewFusion { Width = 4 }.Make(model, bricks);
        var batch = GateTests.Batch(3);
        var trained = model.TrainFusion(bricks, start, [batch], new ShortTraining { Steps = 20, Rate = 0.02f });

        trained.Save(_folder.File("fusion.brick"));

        Loss(trained).ShouldBeLessThan(Loss(start));
        var opened = Brick.Open(_folder.File("fusion.brick"));
        opened.Manifest.Members.ShouldBe(bricks.Select(brick => brick.Id));
        Loss(opened).ShouldBe(Loss(trained));

        double Loss(Brick fusion)
        {
            using var trainable = model.TrainFusion([.. bricks.Reverse()], fusion);
            return trainable.Evaluate(batch).Nats;
        }
    }

    [Fact]
    public void Rows_under_a_fusion_say_in_a_batch_what_each_says_alone()
    {
        using var model = PicoModel.Llama();
        var bricks = RouteLaws.Three(model);
        using var fused = model.Fuse(bricks, Random(new NewFusion().Make(model, bricks)));
        BrickStrengths[] choices = [BrickStrengths.None, BrickStrengths.Only("fusion"), BrickStrengths.Only("fusion", 0.5f)];
        using var runner = fused.CreateRunner();
        var batch = new Batch();
        foreach (var choice in choices)
            batch.Add(runner.StartSequence(choice), Text);

        var together = runner.Forward(batch);

        for (var index = 0; index < choices.Length; index++)
            SameBits(together.Row(index).ToArray(), Logits(fused, choices[index])).ShouldBeTrue($"choice {index}");
        SameBits(together.Row(0).ToArray(), Logits(model)).ShouldBeTrue();
        SameBits(together.Row(1).ToArray(), together.Row(2).ToArray()).ShouldBeFalse();
    }

    [Fact]
    public void Fusions_without_their_bricks_and_bricks_that_are_no_fusion_are_refused()
    {
        using var model = PicoModel.Llama();
        var bricks = RouteLaws.Three(model);
        var fusion = new NewFusion().Make(model, bricks);

        Should.Throw<RecipeException>(() => model.Fuse(bricks[..2], fusion)).Message.ShouldContain("lora-3");
        Should.Throw<RecipeException>(() => model.Fuse(bricks, bricks[0])).Message.ShouldContain("expected a fusion");
        Should.Throw<UnsupportedModelException>(() => model.Plug(fusion)).Message.ShouldContain("fuse_query");
        Should.Throw<RecipeException>(() => new NewFusion().Make(model, []));
        Should.Throw<RecipeException>(() => new NewFusion { Width = 0 }.Make(model, bricks));
        using var fused = model.Fuse(bricks, fusion);
        Should.Throw<RecipeException>(() => fused.Fuse(bricks, fusion)).Message.ShouldContain("already");
    }

    static readonly int[] Text = [5, 17, 33, 101, 250];

    static Brick Random(Brick fusion)
    {
        var random = new Random(7);
        foreach (var (name, tensor) in fusion.Tensors)
            if (name.EndsWith(BrickTensors.FuseQuery, StringComparison.Ordinal))
                PicoBricks.Draw(random, 0.5f, tensor.Rows, tensor.Columns).Floats.CopyTo(tensor.Floats);
        return fusion;
    }

    static float[] Logits(LanguageModel model, BrickStrengths? bricks = null)
    {
        using var runner = model.CreateRunner(new RunnerOptions { Bricks = bricks });
        using var sequence = runner.StartSequence();
        return runner.Forward(sequence, Text).Row(0).ToArray();
    }

    static bool SameBits(float[] a, float[] b) => MemoryMarshal.AsBytes<float>(a).SequenceEqual(MemoryMarshal.AsBytes<float>(b));
}
