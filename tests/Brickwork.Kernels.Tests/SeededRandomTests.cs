namespace Brickwork.Kernels.Tests;

public sealed class SeededRandomTests
{
    [Fact]
    public void A_seed_gives_the_published_numbers()
    {
        // SplitMix64 of seed 0 fills the state with its well-known first four outputs.
        var random = new SeededRandom(0);
        random.State.ShouldBe((0xE220A8397B1DCDAFUL, 0x6E789E6AA1B965F4UL, 0x06C45D188009454FUL, 0xF88BB8A8724C81ECUL));

        // First outputs of the authors' xoshiro256** from the state 1, 2, 3, 4.
        random.State = (1, 2, 3, 4);
        ulong[] drawn = [.. Enumerable.Range(0, 4).Select(_ => random.NextBits())];
        drawn.ShouldBe([11520UL, 0UL, 1509978240UL, 1215971899390074240UL]);
    }

    [Fact]
    public void Whole_numbers_are_spread_evenly()
    {
        var random = new SeededRandom(7);
        var counts = new int[10];
        for (var draw = 0; draw < 100_000; draw++)
            counts[random.NextInt32(10)]++;

        // Chi-square with 9 degrees of freedom: 27.9 is passed by one seed in a thousand.
        counts.Sum(count => (count - 10_000.0) * (count - 10_000.0) / 10_000).ShouldBeLessThan(27.9);
    }

    [Fact]
    public void Fractions_stay_below_one_and_have_the_mean_of_a_half()
    {
        var random = new SeededRandom(-1);
        var sum = 0.0;
        for (var draw = 0; draw < 100_000; draw++)
        {
            var fraction = random.NextDouble();
            fraction.ShouldBeInRange(0, 1 - double.Epsilon);
            sum += fraction;
        }

        // Five standard errors of the mean of 100,000 even draws.
        (sum / 100_000).ShouldBe(0.5, 5 * Math.Sqrt(1 / 12.0 / 100_000));
    }

    [Fact]
    public void A_shuffle_keeps_every_item()
    {
        int[] items = [.. Enumerable.Range(0, 50)];
        new SeededRandom(3).Shuffle(items.AsSpan());
        items.ShouldNotBe(Enumerable.Range(0, 50));
        items.Order().ShouldBe(Enumerable.Range(0, 50));
    }
}
