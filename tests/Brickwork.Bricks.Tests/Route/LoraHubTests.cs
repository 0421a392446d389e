using Brickwork.TestKit;

namespace Brickwork.Bricks.Tests.Route;

public class LoraHubTests
{
    [Theory]
    [InlineData(LoraSumOf.Products)]
    [InlineData(LoraSumOf.Factors)]
    public void A_search_finds_the_brick_that_the_examples_were_made_with(LoraSumOf sum)
    {
        using var model = PicoModel.Llama();
        var bricks = RouteLaws.Three(model);
        using var goal = model.Plug(bricks[1]);
        var wanted = Logits(goal);

        var found = LoraHub.Search(model, bricks, Loss, new LoraHubOptions { Sum = sum, Penalty = 0.001, Steps = 150 });

        found.Loss.ShouldBeLessThan(0.3 * found.FirstLoss);
        Math.Abs(found.Weights[1]).ShouldBeGreaterThan(Math.Max(Math.Abs(found.Weights[0]), Math.Abs(found.Weights[2])));
        using var plugged = model.Plug(found.Brick);
        Loss(plugged).ShouldBe(found.Loss);

        double Loss(LanguageModel candidate) => Logits(candidate).Zip(wanted, (a, b) => Math.Pow(a - b, 2)).Average();
    }

    [Fact]
    public void A_search_tries_as_often_as_it_was_told_stays_within_its_bounds_and_repeats_by_seed()
    {
        using var model = PicoModel.Llama();
        var bricks = RouteLaws.Three(model);
        var tried = 0;
        var options = new LoraHubOptions { Steps = 12, Bound = 0.4f, Seed = 3 };

        var found = LoraHub.Search(model, bricks, Loss, options);

        tried.ShouldBe(13);
        found.Weights.ShouldAllBe(weight => Math.Abs(weight) <= 0.4f);
        LoraHub.Search(model, bricks, Loss, options).Weights.ShouldBe(found.Weights);
        LoraHub.Search(model, bricks, Loss, options with { Seed = 4 }).Weights.ShouldNotBe(found.Weights);
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        Should.Throw<OperationCanceledException>(() => LoraHub.Search(model, bricks, Loss, options, cancellation: stop.Token));

        double Loss(LanguageModel candidate)
        {
            tried++;
            return Logits(candidate)[7];
        }
    }

    [Fact]
    public void A_weight_acts_once_unless_the_sum_of_the_paper_is_asked_for()
    {
        using var model = PicoModel.Llama();
        var bricks = RouteLaws.Three(model);
        var options = new LoraHubOptions { Steps = 12, Seed = 3 };

        var found = LoraHub.Search(model, bricks, candidate => Logits(candidate)[7], options);

        found.Weights.ShouldContain(weight => weight != 0);
        found.Brick.LargestDifference(LoraSum.Of("sum", bricks, found.Weights, LoraSumOf.Products)).ShouldBe(0);
        found.Brick.LargestDifference(LoraSum.Of("sum", bricks, found.Weights, LoraSumOf.Factors)).ShouldBeGreaterThan(0);
    }

    [Fact]
    public void A_weight_costs_what_the_penalty_says()
    {
        using var model = PicoModel.Llama();

        // The loss is the same everywhere, so that the weights of the start are the cheapest.
        LoraHub.Search(model, RouteLaws.Three(model), _ => 1).Weights.ShouldAllBe(weight => weight == 0);
    }

    static float[] Logits(LanguageModel model)
    {
        using var runner = model.CreateRunner();
        using var sequence = runner.StartSequence();
        return runner.Forward(sequence, [5, 17, 33, 101, 250]).Row(0).ToArray();
    }
}
