using Brickwork.Bricks.Route;
using Brickwork.Bricks.Tests.Plug;
using Brickwork.Models.Parts.Adapters;
using Brickwork.Tensors.LinearAlgebra;
using Brickwork.TestKit;
using FsCheck;
using FsCheck.Fluent;

namespace Brickwork.Bricks.Tests.Route;

public class ArrowTests
{
    [Fact]
    public void A_prototype_is_the_first_right_singular_vector_of_the_product()
    {
        using var model = PicoModel.Llama();
        foreach (var part in Parts(model))
        {
            var product = Matrix.From(part.Up) * Matrix.From(part.Down);
            var expected = SingularValues.Of(product).Right;

            var prototype = Spectrum.Prototype(part);

            var along = Enumerable.Range(0, prototype.Length).Sum(column => prototype[column] * expected[column, 0]);
            Math.Abs(along).ShouldBe(1, 1e-9);
        }
    }

    [Fact]
    public void Power_iteration_comes_to_the_same_prototype()
    {
        using var model = PicoModel.Llama();
        var part = Parts(model)[0];
        var (down, up) = (Matrix.From(part.Down), Matrix.From(part.Up));
        var vector = Matrix.Of(part.Down.Columns, 1, (row, _) => 1 + row % 3);
        // 15 steps, as PEFT takes them, and more where the first two values are near each other.
        for (var step = 0; step < 400; step++)
        {
            var next = down.Transposed() * (up.Transposed() * (up * (down * vector)));
            var length = Math.Sqrt(next.Values.Sum(value => value * value));
            vector = next.Map((_, _, value) => value / length);
        }

        var prototype = Spectrum.Prototype(part);

        Math.Abs(prototype.Zip(vector.Values, (a, b) => a * b).Sum()).ShouldBe(1, 1e-6);
    }

    [Fact]
    public void Scores_are_the_lengths_along_the_prototypes()
    {
        using var model = PicoModel.Llama();
        var bricks = RouteLaws.Three(model);
        var router = ArrowRouter.Of(model, bricks);
        var rows = PicoBricks.Draw(new Random(4), 1, 5, PicoModel.Width);
        var scores = Tensor.Zeros(5, 3);
        var slot = SlotPath.Layer(0).Attention / "query";

        router.Score(slot, rows, model.Compute, scores);

        for (var brick = 0; brick < 3; brick++)
        {
            var part = (LoraLinear)RoutedParts.Of(model, bricks).Single(group => group.Key == slot).Single(part => part.Index == brick).Part;
            var prototype = Spectrum.Prototype(part);
            for (var row = 0; row < 5; row++)
                scores.Row(row)[brick].ShouldBe((float)Math.Abs(prototype.Select((value, column) => value * rows.Row(row)[column]).Sum()), 1e-5f);
        }
    }

    [Fact]
    public void A_brick_that_does_nothing_yet_is_never_preferred()
    {
        using var model = PicoModel.Llama();
        var fresh = PicoBricks.Begin("lora", model);
        Brick[] bricks = [fresh, PicoBricks.Make("lora", model)];
        var scores = Tensor.Zeros(1, 2);

        ArrowRouter.Of(model, bricks).Score(SlotPath.Layer(0).Attention / "query", PicoBricks.Draw(new Random(4), 1, 1, PicoModel.Width), model.Compute, scores);

        scores.Row(0)[0].ShouldBe(0);
        scores.Row(0)[1].ShouldBeGreaterThan(0);
    }

    [Fact]
    public void Weights_sum_to_one_and_are_those_of_the_best_few() => Check.QuickThrowOnFailure(Prop.ForAll(
        Gen.Choose(-1000, 1000).ListOf().Where(list => list.Count > 0).ToArbitrary(), Gen.Choose(1, 5).ToArbitrary(), (raw, top) =>
        {
            float[] scores = [.. raw.Select(value => value / 100f)];
            float[] weights = [.. scores];

            new RouteRule { TopK = top, Temperature = 0.7f }.Weigh(weights);

            weights.Sum(weight => (double)weight).ShouldBe(1, 1e-5);
            weights.Count(weight => weight > 0).ShouldBeLessThanOrEqualTo(top);
            var kept = Enumerable.Range(0, scores.Length).OrderByDescending(index => scores[index]).ThenBy(index => index).Take(top).ToHashSet();
            for (var index = 0; index < scores.Length; index++)
                if (!kept.Contains(index))
                    weights[index].ShouldBe(0);
        }));

    static List<LoraLinear> Parts(LanguageModel model) => [.. RoutedParts.Of(model, [PicoBricks.Make("lora", model, 5)]).SelectMany(slot => slot).Select(part => (LoraLinear)part.Part)];
}
