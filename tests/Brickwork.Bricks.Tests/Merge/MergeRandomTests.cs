using Brickwork.Bricks.Merge;

namespace Brickwork.Bricks.Tests.Merge;

public sealed class MergeRandomTests
{
    [Fact]
    public void The_number_of_an_element_does_not_depend_on_what_was_asked_before()
    {
        var forwards = new MergeRandom(1, "dare", 0, "blk.0.attn_q.weight");
        var backwards = new MergeRandom(1, "dare", 0, "blk.0.attn_q.weight");

        double[] ascending = [.. Enumerable.Range(0, 100).Select(element => forwards.Of(element))];
        double[] descending = [.. Enumerable.Range(0, 100).Reverse().Select(element => backwards.Of(element))];

        descending.Reverse().ShouldBe(ascending);
    }

    [Fact]
    public void Seed_operation_model_tensor_and_element_each_change_the_number()
    {
        double[] numbers =
        [
            new MergeRandom(1, "dare", 0, "a").Of(5), new MergeRandom(2, "dare", 0, "a").Of(5), new MergeRandom(1, "della", 0, "a").Of(5),
            new MergeRandom(1, "dare", 1, "a").Of(5), new MergeRandom(1, "dare", 0, "b").Of(5), new MergeRandom(1, "dare", 0, "a").Of(6),
            new MergeRandom(1, "dare", 0, "a").Of(5 + (1L << 32)),
        ];

        numbers.Distinct().Count().ShouldBe(numbers.Length);
    }

    [Fact]
    public void The_numbers_fill_the_unit_interval_evenly()
    {
        var random = new MergeRandom(0, "dare", 0, "t");
        var counts = new int[10];

        for (var element = 0; element < 100_000; element++)
            counts[(int)(random.Of(element) * counts.Length)]++;

        // Ten thousand expected in each; five standard deviations of √(n·p·(1−p)) = 95.
        foreach (var count in counts)
            count.ShouldBeInRange(9525, 10475);
    }
}
