namespace Brickwork.Tensors.Tests.Optimizers;

public sealed class ScheduleTests
{
    [Fact]
    public void The_rate_rises_in_equal_steps_while_warming_up()
    {
        foreach (var schedule in (Schedule[])[new ConstantSchedule { Rate = 1, WarmUpSteps = 4 }, new CosineSchedule { Rate = 1, WarmUpSteps = 4 }, new StableSchedule { Rate = 1, WarmUpSteps = 4 }])
            Enumerable.Range(0, 5).Select(step => schedule.At(step, 1000)).ShouldBe([0.25f, 0.5f, 0.75f, 1, 1]);
    }

    [Fact]
    public void A_cosine_passes_its_middle_and_ends_at_its_share()
    {
        var schedule = new CosineSchedule { Rate = 2, WarmUpSteps = 10, FinalShare = 0.1f };

        schedule.At(60, 110).ShouldBe(1.1f, 1e-6f);
        schedule.At(110, 110).ShouldBe(0.2f, 1e-6f);
        schedule.At(500, 110).ShouldBe(0.2f, 1e-6f);
    }

    [Fact]
    public void A_stable_rate_falls_over_its_last_share_only()
    {
        var linear = new StableSchedule { Rate = 1, DecayShare = 0.2f, Shape = DecayShape.Linear };
        var root = linear with { Shape = DecayShape.SquareRoot };

        linear.At(80, 100).ShouldBe(1);
        linear.At(90, 100).ShouldBe(0.5f, 1e-6f);
        linear.At(100, 100).ShouldBe(0, 1e-6f);
        root.At(80, 100).ShouldBe(1);
        root.At(85, 100).ShouldBe(0.5f, 1e-6f);
        root.At(100, 100).ShouldBe(0, 1e-6f);
    }
}
