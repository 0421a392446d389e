using Xunit.Sdk;

namespace Brickwork.TestKit.Tests;

public sealed class SpanAssertionsTests
{
    [Fact]
    public void A_failure_names_the_worst_index_and_the_reason()
    {
        float[] expected = [1, 2, 3, 4];
        float[] actual = [1, 2.1f, 3.5f, 4];

        var failure = Should.Throw<FailException>(() => actual.ShouldBeClose(expected, Tolerance.Within(0.01, "a hand's breadth"), "scores"));

        failure.Message.ShouldContain("scores[2] is 3.5, expected 3");
        failure.Message.ShouldContain("a hand's breadth");
        failure.Message.ShouldContain("2 of 4");
    }

    [Fact]
    public void Two_orders_of_a_long_sum_are_close()
    {
        var random = new Random(1);
        var terms = Enumerable.Range(0, 4096).Select(_ => (float)(random.NextDouble() * 2 - 1)).ToArray();
        var (forward, backward) = (0f, 0f);
        for (var index = 0; index < terms.Length; index++)
            (forward, backward) = (forward + terms[index], backward + terms[^(index + 1)]);

        forward.ShouldBeClose(backward, Tolerance.Float32Sum(terms.Length));
    }

    [Fact]
    public void A_forgotten_term_is_not_close() =>
        Should.Throw<FailException>(() => 10f.ShouldBeClose(10.5f, Tolerance.Float32Sum(4096)));

    [Theory]
    [InlineData(float.NaN, 1f)]
    [InlineData(1f, float.NaN)]
    [InlineData(float.PositiveInfinity, float.MaxValue)]
    [InlineData(float.MaxValue, float.PositiveInfinity)]
    public void Values_that_are_no_number_are_close_to_nothing_else(float actual, float expected) =>
        Should.Throw<FailException>(() => actual.ShouldBeClose(expected, Tolerance.Float32Sum(1_000_000, 1e30)));

    [Fact]
    public void Exact_tells_the_two_zeros_apart_and_takes_any_NaN()
    {
        float.NaN.ShouldBeClose(-float.NaN, Tolerance.Exact);
        Should.Throw<FailException>(() => 0f.ShouldBeClose(-0f, Tolerance.Exact));
    }

    [Fact]
    public void Spans_of_different_length_differ() =>
        Should.Throw<FailException>(() => new float[2].ShouldBeClose(new float[3], Tolerance.Exact)).Message.ShouldContain("found 2 values, expected 3");
}
