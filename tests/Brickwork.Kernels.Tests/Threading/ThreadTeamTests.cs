using Brickwork.Kernels.Threading;

namespace Brickwork.Kernels.Tests.Threading;

public sealed class ThreadTeamTests
{
    [Theory]
    [InlineData(1), InlineData(2), InlineData(3), InlineData(5)]
    public void Every_chunk_runs_exactly_once(int threads)
    {
        using var team = new ThreadTeam(threads);
        for (var count = 0; count < 200; count++)
        {
            var runs = new int[count];
            team.Run(count, new Count(runs));
            runs.ShouldAllBe(times => times == 1);
        }
    }

    [Fact]
    public void A_limit_that_changes_from_run_to_run_loses_no_chunk()
    {
        using var team = new ThreadTeam(4);
        var random = new Random(3);
        for (var round = 0; round < 3000; round++)
        {
            team.Limit = random.Next(1, 7);
            team.Limit.ShouldBeInRange(1, 4);
            var runs = new int[random.Next(0, 30)];
            team.Run(runs.Length, new Count(runs));
            runs.ShouldAllBe(times => times == 1);
        }
    }

    [Fact]
    public void With_a_limit_of_one_only_the_caller_works()
    {
        using var team = new ThreadTeam(3);
        team.Run(100, new Count(new int[100]));
        team.Limit = 1;
        var threads = new int[200];
        team.Run(threads.Length, new Who(threads));
        threads.ShouldAllBe(thread => thread == Environment.CurrentManagedThreadId);
    }

    [Fact]
    public void All_writes_of_the_chunks_are_visible_after_Run()
    {
        using var team = new ThreadTeam(3);
        var values = new int[64];
        for (var round = 1; round < 20_000; round++)
        {
            team.Run(values.Length, new Fill(values, round));
            foreach (var value in values)
                if (value != round)
                    value.ShouldBe(round);
        }
    }

    [Theory]
    [InlineData(1), InlineData(3)]
    public void An_exception_in_a_chunk_is_thrown_by_Run_and_the_team_works_on(int threads)
    {
        using var team = new ThreadTeam(threads);
        Should.Throw<InvalidTimeZoneException>(() => team.Run(50, new Fail())).Message.ShouldBe("chunk 17");
        var runs = new int[50];
        team.Run(50, new Count(runs));
        runs.ShouldAllBe(times => times == 1);
    }

    [Fact]
    public void A_run_inside_a_run_works_through_its_chunks_alone()
    {
        using var team = new ThreadTeam(3);
        var runs = new int[20];
        team.Run(10, new Nested(team, runs));
        runs.ShouldAllBe(times => times == 10);
    }

    [Fact]
    public void Callers_on_several_threads_do_not_disturb_each_other()
    {
        using var team = new ThreadTeam(2);
        var callers = Enumerable.Range(0, 4).Select(_ => new Thread(() =>
        {
            for (var round = 0; round < 2000; round++)
            {
                var runs = new int[9];
                team.Run(9, new Count(runs));
                if (runs.Any(times => times != 1))
                    throw new InvalidOperationException("A chunk ran not exactly once.");
            }
        })).ToList();
        callers.ForEach(caller => caller.Start());
        callers.ForEach(caller => caller.Join());
    }

    [Fact]
    public void A_run_after_warm_up_allocates_nothing()
    {
        using var team = new ThreadTeam(2);
        var values = new int[8];
        team.Run(8, new Fill(values, 1));
        team.Run(8, new Count(values));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < 100; round++)
        {
            team.Run(8, new Fill(values, round));
            team.Run(8, new Count(values));
        }
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    [Fact]
    public void Sleeping_workers_wake_up_for_the_next_run()
    {
        using var team = new ThreadTeam(2);
        for (var round = 0; round < 5; round++)
        {
            // Two chunks that each wait for the other end only if two threads run them.
            using var meeting = new Barrier(2);
            team.Run(2, new Meet(meeting));
            Thread.Sleep(20);
        }
    }

    [Fact]
    public void A_disposed_team_refuses_work()
    {
        var team = new ThreadTeam(2);
        team.Run(8, new Count(new int[8]));
        team.Dispose();
        team.Dispose();
        Should.Throw<ObjectDisposedException>(() => team.Run(8, new Count(new int[8])));
    }

    [Fact]
    public void A_team_needs_a_thread() => Should.Throw<ArgumentOutOfRangeException>(() => new ThreadTeam(0));

    readonly struct Who(int[] threads) : IParallelJob
    {
        public void Run(int chunk) => threads[chunk] = Environment.CurrentManagedThreadId;
    }

    readonly struct Count(int[] runs) : IParallelJob
    {
        public void Run(int chunk) => Interlocked.Increment(ref runs[chunk]);
    }

    readonly struct Fill(int[] values, int value) : IParallelJob
    {
        public void Run(int chunk) => values[chunk] = value;
    }

    readonly struct Fail : IParallelJob
    {
        public void Run(int chunk)
        {
            if (chunk == 17)
                throw new InvalidTimeZoneException($"chunk {chunk}");
        }
    }

    readonly struct Nested(ThreadTeam team, int[] runs) : IParallelJob
    {
        public void Run(int chunk) => team.Run(runs.Length, new Count(runs));
    }

    readonly struct Meet(Barrier meeting) : IParallelJob
    {
        public void Run(int chunk) => meeting.SignalAndWait(TimeSpan.FromSeconds(30)).ShouldBeTrue();
    }
}
