using System.Runtime.InteropServices;
using Brickwork.Bricks.Tests.Plug;
using Brickwork.TestKit;

namespace Brickwork.Bricks.Tests.Route;

public class RouteLaws
{
    static readonly int[] Text = [5, 17, 33, 101, 250, 9, 77, 300];

    [Fact]
    public void A_route_of_one_brick_is_that_brick_plugged()
    {
        using var model = PicoModel.Llama(type: DType.Q8_0);
        var brick = PicoBricks.Make("lora", model);
        using var plugged = model.Plug(brick);
        using var routed = model.Route([brick], ArrowRouter.Of(model, [brick]));

        SameBits(Logits(routed), Logits(plugged)).ShouldBeTrue();
        SameBits(Logits(routed), Logits(model)).ShouldBeFalse();
    }

    [Theory]
    [InlineData("lora")]
    [InlineData("bottleneck")]
    [InlineData("bitfit")]
    [InlineData("pissa")]
    public void A_row_is_changed_as_by_bricks_plugged_with_its_weights_as_strengths(string kind)
    {
        using var model = PicoModel.Llama();
        Brick[] bricks = [.. Enumerable.Range(1, 3).Select(seed => PicoBricks.Make(kind, model, seed))];
        // Weights that do not depend on what the rows say, so that plugged bricks can have them, too.
        var router = new FixedRouter([.. bricks.Select(brick => brick.Id)], [0.5f, 2, 1]);
        float[] weights = [0.5f, 2, 1];
        new RouteRule { TopK = 2 }.Weigh(weights);
        using var routed = model.Route(bricks, router, new RouteOptions { Rule = new RouteRule { TopK = 2 } });
        using var second = model.Plug(bricks[1], weights[1]);
        using var both = second.Plug(bricks[2], weights[2]);

        weights[0].ShouldBe(0);
        SameBits(Logits(routed), Logits(both)).ShouldBeTrue();
        SameBits(Logits(routed, text: Text[..2]), Logits(both, text: Text[..2])).ShouldBeTrue("few rows at once");
    }

    [Theory]
    [InlineData(DType.F32)]
    [InlineData(DType.Q4_0)]
    public void Rows_under_different_routes_say_in_a_batch_what_each_says_alone(DType type)
    {
        using var model = PicoModel.Llama(type: type);
        var bricks = Three(model);
        using var arrow = model.Route(bricks, ArrowRouter.Of(model, bricks), new RouteOptions { Id = "arrow", Rule = new RouteRule { TopK = 2, Temperature = 0.1f } });
        using var even = arrow.Route(bricks, new FixedRouter([.. bricks.Select(brick => brick.Id)], [0, 0, 0]), new RouteOptions { Id = "even" });
        using var all = even.Plug(PicoBricks.Make("ia3", model));
        BrickStrengths[] choices =
        [
            BrickStrengths.None, BrickStrengths.Only("arrow"), BrickStrengths.Only("even"), BrickStrengths.Only("arrow", 0.5f), BrickStrengths.Stack("arrow", "ia3-1"),
            BrickStrengths.Only("arrow").Until(3, BrickStrengths.Only("even")),
        ];
        using var runner = all.CreateRunner();
        var batch = new Batch();
        foreach (var choice in choices)
            batch.Add(runner.StartSequence(choice), Text);

        var together = runner.Forward(batch);

        for (var index = 0; index < choices.Length; index++)
            SameBits(together.Row(index).ToArray(), Logits(all, choices[index])).ShouldBeTrue($"choice {index}");
        Enumerable.Range(0, choices.Length).Select(row => Convert.ToHexString(MemoryMarshal.AsBytes<float>(together.Row(row)))).Distinct().Count().ShouldBe(choices.Length);
    }

    [Fact]
    public void A_routed_text_says_the_same_token_by_token_and_on_any_number_of_threads()
    {
        var options = new LoadOptions { Threads = 1 };
        using var model = PicoModel.Llama(options);
        using var wide = PicoModel.Llama(options with { Threads = 3 });
        var bricks = Three(model);
        using var routed = model.Route(bricks, ArrowRouter.Of(model, bricks));
        using var other = wide.Route(bricks, ArrowRouter.Of(wide, bricks));
        using var runner = routed.CreateRunner();
        using var sequence = runner.StartSequence();

        foreach (var token in Text[..^1])
            runner.Forward(sequence, [token], LogitRows.None);

        var last = runner.Forward(sequence, [Text[^1]]).Row(0).ToArray();
        SameBits(last, Logits(routed)).ShouldBeTrue();
        SameBits(last, Logits(other)).ShouldBeTrue();
    }

    [Fact]
    public void A_routed_token_allocates_nothing()
    {
        using var model = PicoModel.Llama(new LoadOptions { Threads = 1 });
        var bricks = Three(model);
        using var routed = model.Route(bricks, ArrowRouter.Of(model, bricks), new RouteOptions { Rule = new RouteRule { TopK = 2 } });
        using var runner = routed.CreateRunner();
        using var sequence = runner.StartSequence();
        var least = long.MaxValue;
        // The first texts warm up: memory grows and kernels are compiled.
        for (var text = 0; least > 0 && text < 6; text++)
        {
            sequence.TryTruncate(0);
            runner.Forward(sequence, Text);
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var token = 0; token < 20; token++)
                runner.Forward(sequence, Text.AsSpan(token % Text.Length, 1));
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        least.ShouldBe(0);
    }

    [Fact]
    public void Unplugging_a_route_restores_every_bit()
    {
        using var model = PicoModel.Llama();
        var bricks = Three(model);
        using var routed = model.Route(bricks, ArrowRouter.Of(model, bricks), new RouteOptions { Id = "arrow" });
        using var silent = routed.Unplug("arrow");

        routed.Bricks.Single().Id.ShouldBe("arrow");
        SameBits(Logits(routed), Logits(model)).ShouldBeFalse();
        SameBits(Logits(silent), Logits(model)).ShouldBeTrue();
        SameBits(Logits(routed, BrickStrengths.None), Logits(model)).ShouldBeTrue();
    }

    [Fact]
    public void Bricks_in_different_slots_share_a_route()
    {
        using var model = PicoModel.Llama();
        Brick[] bricks = [PicoBricks.Make("lora", model), PicoBricks.Make("rslora", model)];      // attention and feed-forward
        using var routed = model.Route(bricks, ArrowRouter.Of(model, bricks));
        using var first = model.Plug(bricks[0]);
        using var both = first.Plug(bricks[1]);

        SameBits(Logits(routed), Logits(both)).ShouldBeTrue("each is the only choice in its slots");
    }

    [Fact]
    public void What_cannot_be_routed_is_refused()
    {
        using var model = PicoModel.Llama();
        using var other = PicoModel.Llama(seed: 2);
        var bricks = Three(model);
        var router = ArrowRouter.Of(model, bricks);

        Should.Throw<RecipeException>(() => model.Route([], router)).NextStep.ShouldContain("--bricks");
        Should.Throw<RecipeException>(() => model.Route([bricks[0], bricks[0]], router)).Message.ShouldContain("Two bricks");
        Should.Throw<RecipeException>(() => model.Route([PicoBricks.Make("lora", model, 9)], router)).Message.ShouldContain("lora-9");
        Should.Throw<RecipeException>(() => model.Route(bricks, router, new RouteOptions { Rule = new RouteRule { TopK = 0 } })).Message.ShouldContain("at least 1");
        Should.Throw<RecipeException>(() => model.Route(bricks, router, new RouteOptions { Rule = new RouteRule { Temperature = 0 } })).Message.ShouldContain("temperature");
        Should.Throw<CheckpointException>(() => other.Route(bricks, router)).Message.ShouldContain("made for the model");
        Should.Throw<UnsupportedModelException>(() => ArrowRouter.Of(model, [PicoBricks.Make("bottleneck", model)])).Message.ShouldContain("Arrow");
        Should.Throw<UnsupportedModelException>(() => ArrowRouter.Of(model, [PicoBricks.Make("pissa", model)])).Message.ShouldContain("Arrow", customMessage: "what it adds is less what it began as");
        using var routed = model.Route(bricks, router);
        Should.Throw<RecipeException>(() => routed.Route(bricks, router)).Message.ShouldContain("already");
    }

    [Theory]
    [InlineData("dora", "layers.0.attention.key", "norms")]
    [InlineData("embedding", "embedding", "tokens")]
    [InlineData("whole", "layers.1.attention.value", "in the place of")]
    [InlineData("ia3", "layers.0.feedForward.down", "scales what the projection takes")]
    [InlineData("qlora", "layers.0.attention.query", "in the place of")]
    [InlineData("prompt", "embedding", "before a text")]
    public void What_no_weight_of_a_row_can_scale_is_refused_with_the_reason_and_what_to_do_with_it(string kind, string slot, string reason)
    {
        using var model = PicoModel.Llama();
        var brick = PicoBricks.Make(kind, model);

        var fault = Should.Throw<UnsupportedModelException>(() => model.Route([brick], new FixedRouter([brick.Id], [1])));

        fault.Message.ShouldContain($"'{brick.Id}'");
        fault.Message.ShouldContain($"'{slot}'");
        fault.Message.ShouldContain(reason);
        fault.NextStep.ShouldContain("-m BASE.brick");
    }

    [Fact]
    public void A_brick_that_no_route_takes_may_stand_below_one()
    {
        using var model = PicoModel.Llama();
        Brick[] bricks = [PicoBricks.Make("lora", model, 1), PicoBricks.Make("lora", model, 2)];
        using var below = model.Plug(PicoBricks.Make("ia3", model));
        using var routed = below.Route(bricks, ArrowRouter.Of(below, bricks));
        using var bare = model.Route(bricks, ArrowRouter.Of(model, bricks));

        SameBits(Logits(routed), Logits(bare)).ShouldBeFalse();
        SameBits(Logits(routed), Logits(below)).ShouldBeFalse();
    }

    internal static Brick[] Three(LanguageModel model) => [.. Enumerable.Range(1, 3).Select(seed => PicoBricks.Make("lora", model, seed))];

    static float[] Logits(LanguageModel model, BrickStrengths? bricks = null, int[]? text = null)
    {
        using var runner = model.CreateRunner(new RunnerOptions { Bricks = bricks });
        using var sequence = runner.StartSequence();
        return runner.Forward(sequence, text ?? Text).Row(0).ToArray();
    }

    static bool SameBits(float[] a, float[] b) => MemoryMarshal.AsBytes<float>(a).SequenceEqual(MemoryMarshal.AsBytes<float>(b));

    /// <summary>The same scores for every row.</summary>
    internal sealed class FixedRouter(IReadOnlyList<string> bricks, float[] scores) : IRouter
    {
        public IReadOnlyList<string> Bricks => bricks;

        public void Score(SlotPath slot, Tensor rows, Compute compute, Tensor all)
        {
            for (var row = 0; row < all.Rows; row++)
                scores.CopyTo(all.Row(row));
        }
    }
}
