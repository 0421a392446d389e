namespace Brickwork.Tensors.Tests;

public sealed class ComputeTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void A_team_without_threads_is_refused(int threads) =>
        Should.Throw<ArgumentOutOfRangeException>(() => new Compute(threads)).Message.ShouldContain("At least one thread");

    [Fact]
    public void More_threads_than_make_sense_are_held_at_the_most()
    {
        using var compute = new Compute(1000);
        compute.Threads.ShouldBe(Compute.MostThreads);
    }
}
