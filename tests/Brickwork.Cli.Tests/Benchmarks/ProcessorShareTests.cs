using Brickwork.Cli.Benchmarks;

namespace Brickwork.Cli.Tests.Benchmarks;

public sealed class ProcessorShareTests
{
    static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void Scheduler_files_add_up_over_threads() =>
        SchedulerTimes.Parse(["3000000000 1000000000 12\n", "1000000000 0 3\n"]).ShouldBe(new SchedulerTimes(4 * Second, Second));

    [Fact]
    public void Files_that_say_nothing_give_no_times() =>
        SchedulerTimes.Parse(["0 0 0\n", "", "no numbers here"]).ShouldBeNull();

    [Fact]
    public void The_line_of_all_processors_is_read_in_hundredths_of_a_second() =>
        ProcessorTimes.Parse("cpu  1000 200 300 5000 40 50 60 70 0 0").ShouldBe(new ProcessorTimes(16.1 * Second, 0.7 * Second));

    [Fact]
    public void Another_line_is_not_taken_for_it() =>
        ProcessorTimes.Parse("cpu0 1 2 3 4 5 6 7 8").ShouldBeNull();

    [Fact]
    public void A_thread_that_waited_as_long_as_it_ran_got_half() =>
        ProcessorShare.Of(new SchedulerTimes(Second, Second), null, Second, 2 * Second, threads: 1).Got.ShouldBe(0.5);

    [Fact]
    public void A_thread_that_slept_lost_nothing() =>
        ProcessorShare.Of(new SchedulerTimes(Second, TimeSpan.Zero), null, Second, 10 * Second, threads: 2).Got.ShouldBe(1);

    [Fact]
    public void What_the_host_took_is_not_ours()
    {
        var share = ProcessorShare.Of(new SchedulerTimes(2 * Second, 2 * Second), new ProcessorTimes(3 * Second, Second), 2 * Second, 2 * Second, threads: 2);

        share.Stolen.ShouldBe(0.25);
        share.Got.ShouldBe(0.5 * 0.75);
        share.Others.ShouldBe(0.5);         // one busy second of three was not ours, in two seconds
    }

    [Fact]
    public void Without_an_account_the_clock_decides() =>
        ProcessorShare.Of(null, null, 3 * Second, 2 * Second, threads: 2).ShouldBe(new ProcessorShare(0.75, 0, null));

    [Fact]
    public void More_than_everything_is_everything() =>
        ProcessorShare.Of(null, null, 5 * Second, 2 * Second, threads: 2).Got.ShouldBe(1);
}
