using Brickwork.Models.Slots;

namespace Brickwork.Laws;

public class SlotLaws
{
    static readonly LoadOptions OneThread = new() { Threads = 1 };

    [SkippableTheory, MemberData(nameof(EveryModel.All), MemberType = typeof(EveryModel))]
    public void Putting_the_same_part_back_changes_no_bit(string name)
    {
        using var model = EveryModel.Load(name, OneThread);
        var tokens = Rows.Tokens(model, 4);
        var expected = Rows.Of(model, tokens);
        var slots = PartTree.Walk(model.Decoder).ToList();
        slots.ShouldNotBeEmpty();

        foreach (var (slot, part) in slots)
        {
            model.Decoder.Find(slot).ShouldBeSameAs(part);
            using var changed = model.With(slot, part);
            Rows.Of(changed, tokens).ShouldHaveTheBitsOf(expected, slot.Text);
        }
        Rows.Of(model, tokens).ShouldHaveTheBitsOf(expected, "the model itself, after all others are gone");
    }

    [SkippableTheory, MemberData(nameof(EveryModel.All), MemberType = typeof(EveryModel))]
    public void A_part_that_only_watches_changes_no_bit_wherever_it_stands(string name)
    {
        using var model = EveryModel.Load(name, OneThread);
        var tokens = Rows.Tokens(model, 4);
        var expected = Rows.Of(model, tokens);

        foreach (var (slot, part) in PartTree.Walk(model.Decoder).ToList())
        {
            var seen = new List<(Tensor Input, Tensor Output)>();
            using var watched = model.With(slot, new Watcher(part, seen));
            Rows.Of(watched, tokens).ShouldHaveTheBitsOf(expected, slot.Text);
            // An expert that no token chose is never called, and one that some chose sees those only.
            if (!slot.Text.Contains("experts", StringComparison.Ordinal))
                seen.Count.ShouldBeGreaterThan(0, slot.Text);
        }
    }

    [Theory, MemberData(nameof(EveryModel.Picos), MemberType = typeof(EveryModel))]
    public void A_watcher_sees_the_shapes_that_the_model_says(string name)
    {
        using var model = EveryModel.Load(name, OneThread);
        var tokens = Rows.Tokens(model, 5);
        var (width, vocabulary) = (model.Config.Width, model.Config.Vocabulary);

        ShapesAt(model, "embedding", tokens).Output.ShouldBe(new Shape(5, width));
        ShapesAt(model, SlotPath.Layer(1), tokens).ShouldBe((new Shape(5, width), new Shape(5, width)));
        ShapesAt(model, SlotPath.Layer(0).Attention, tokens).ShouldBe((new Shape(5, width), new Shape(5, width)));
        ShapesAt(model, SlotPath.Layer(1).FeedForward, tokens).ShouldBe((new Shape(5, width), new Shape(5, width)));
        ShapesAt(model, SlotPath.Layer(0).Attention / "key", tokens).ShouldBe((new Shape(5, width), new Shape(5, 16)));
        // Only the last row is asked for.
        ShapesAt(model, "finalNorm", tokens).ShouldBe((new Shape(1, width), new Shape(1, width)));
        ShapesAt(model, "head", tokens).ShouldBe((new Shape(1, width), new Shape(1, vocabulary)));
    }

    [Fact]
    public void Two_watchers_one_in_the_other_both_see_every_pass()
    {
        using var model = EveryModel.Load("pico-llama-f32", OneThread);
        var (inner, outer) = (new List<(Tensor, Tensor)>(), new List<(Tensor, Tensor)>());
        var slot = SlotPath.Layer(0).Attention;
        using var once = model.With(slot, new Watcher(model.Decoder.Find(slot), inner));
        using var twice = once.With(slot, new Watcher(once.Decoder.Find(slot), outer));
        once.Dispose();

        Rows.Of(twice, Rows.Tokens(model, 3), atOnce: 1).ShouldHaveTheBitsOf(Rows.Of(model, Rows.Tokens(model, 3)), "twice");

        inner.Count.ShouldBe(3);
        outer.Count.ShouldBe(3);
    }

    [Theory]
    [InlineData("")]
    [InlineData("layers")]
    [InlineData("layers.2")]
    [InlineData("layers.-1")]
    [InlineData("layers.0.attention.")]
    [InlineData("layers.0.attentionNorm.gain")]
    [InlineData("layers.00")]
    [InlineData("Head")]
    [InlineData("head.project.project")]
    public void An_address_of_nothing_names_what_there_is(string slot)
    {
        using var model = EveryModel.Load("pico-llama-f32", OneThread);
        Should.Throw<SlotNotFoundException>(() => model.Decoder.Find(slot)).NextStep.ShouldNotBeEmpty();
        Should.Throw<SlotNotFoundException>(() => model.With(slot, model.Decoder.Head!)).Message.ShouldContain($"'{slot}'");
    }

    static (Shape Input, Shape Output) ShapesAt(LanguageModel model, SlotPath slot, int[] tokens)
    {
        var seen = new List<(Tensor Input, Tensor Output)>();
        using var watched = model.With(slot, new Watcher(model.Decoder.Find(slot), seen));
        using var runner = watched.CreateRunner();
        using var sequence = runner.StartSequence();
        runner.Forward(new Batch().Add(sequence, tokens));
        var (input, output) = seen.ShouldHaveSingleItem();
        return (slot == "embedding" ? output.Shape : input.Shape, output.Shape);
    }

    /// <summary>Passes on what it gets and notes that it did.</summary>
    sealed record Watcher(IPart Inner, List<(Tensor Input, Tensor Output)> Seen) : IPart
    {
        public IReadOnlyList<Slot> Slots => [new("inner", Inner, part => this with { Inner = part })];

        public Tensor Forward(Tensor input, ForwardContext context)
        {
            var output = Inner.Forward(input, context);
            Seen.Add((input, output));
            return output;
        }
    }
}
