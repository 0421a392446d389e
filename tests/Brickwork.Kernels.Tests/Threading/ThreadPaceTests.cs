using Brickwork.Kernels.Threading;

namespace Brickwork.Kernels.Tests.Threading;

public sealed class ThreadPaceTests
{
    const long TrialTicks = 3000;

    [Theory]
    [InlineData(2), InlineData(8), InlineData(12)]
    public void Where_threads_help_all_of_them_work_nearly_always(int threads)
    {
        var chosen = Simulate(new ThreadPace(threads, TrialTicks), 4000, (_, used) => 1000 / used);
        chosen.Skip(100).Count(used => used == threads).ShouldBeGreaterThan(3600);
    }

    [Theory]
    [InlineData(2), InlineData(8), InlineData(12)]
    public void Where_threads_wait_for_each_other_one_is_left(int threads)
    {
        var chosen = Simulate(new ThreadPace(threads, TrialTicks), 4000, (_, used) => 1000 * used);
        chosen[0].ShouldBe(threads);
        chosen.Skip(500).Count(used => used == 1).ShouldBeGreaterThan(3200);
    }

    [Fact]
    public void Where_some_threads_are_best_those_are_found()
    {
        var chosen = Simulate(new ThreadPace(16, TrialTicks), 4000, (_, used) => 100 + Math.Abs(used - 4) * 50);
        chosen.Skip(500).Count(used => used == 4).ShouldBeGreaterThan(3200);
    }

    [Fact]
    public void The_choice_follows_other_processes_that_come_and_go()
    {
        var chosen = Simulate(new ThreadPace(2, TrialTicks), 9000, (step, used) => step is > 1000 and < 4000 ? 1000 * used : 1000 / used);
        chosen.Skip(500).Take(500).Count(used => used == 2).ShouldBeGreaterThan(450);
        chosen.Skip(3000).Take(1000).Count(used => used == 1).ShouldBeGreaterThan(800);
        chosen.Skip(8000).Count(used => used == 2).ShouldBeGreaterThan(900);
    }

    [Fact]
    public void Noise_does_not_make_it_jump()
    {
        var random = new Random(5);
        var chosen = Simulate(new ThreadPace(2, TrialTicks), 4000, (_, used) => (long)((used == 2 ? 100_000 : 130_000) * (0.97 + 0.06 * random.NextDouble())));
        chosen.Skip(100).Count(used => used == 2).ShouldBeGreaterThan(3600);
    }

    [Fact]
    public void A_few_lucky_steps_are_no_reason_to_change()
    {
        var sinceChange = 0;
        var last = 2;
        var chosen = Simulate(new ThreadPace(2, TrialTicks), 9000, (_, used) =>
        {
            sinceChange = used == last ? sinceChange + 1 : 0;
            last = used;
            return used == 1 ? 1000 : sinceChange < 6 ? 700 : 4000;
        });
        chosen.Skip(500).Count(used => used == 1).ShouldBeGreaterThan(8000);
    }

    [Fact]
    public void Large_steps_get_every_thread_and_teach_nothing()
    {
        var pace = new ThreadPace(4, TrialTicks);
        for (var step = 0; step < 500; step++)
        {
            pace.Choose(ThreadPace.MostRows + 1).ShouldBe(4);
            pace.Learn(ThreadPace.MostRows + 1, step);
        }
        pace.Choose(1).ShouldBe(4);
    }

    static List<int> Simulate(ThreadPace pace, int steps, Func<int, int, long> ticks)
    {
        var chosen = new List<int>();
        for (var step = 0; step < steps; step++)
        {
            chosen.Add(pace.Choose(1));
            pace.Learn(1, ticks(step, chosen[^1]));
        }
        return chosen;
    }
}
