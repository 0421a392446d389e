using Brickwork.Inference.Speculation;

namespace Brickwork.Inference.Tests.Speculation;

public class DraftLengthTests
{
    const int Most = 8;

    [Fact]
    public void A_given_number_is_kept()
    {
        var length = new DraftLength(5, Most);
        for (var pass = 0; pass < 50; pass++)
            Run(length, guesses => 1 + 10 * guesses, isRight: _ => false).ShouldBe(5);
    }

    [Fact]
    public void The_first_pass_is_plain_so_that_there_is_something_to_compare_with() =>
        new DraftLength(null, Most).Next(0).ShouldBe(0);

    [Fact]
    public void Rows_that_cost_nothing_are_all_used() => Settled(guesses => 1).ShouldBe(Most);

    [Fact]
    public void Passes_are_filled_up_to_the_ridge() =>
        // Five rows cost as much as one, each further one as much as a whole pass.
        Settled(guesses => 1 + Math.Max(0, guesses - 4)).ShouldBe(4);

    [Theory]
    [InlineData(0.9, 0.1, 6, 8)]
    [InlineData(0.6, 0.1, 2, 4)]
    [InlineData(0.2, 0.1, 1, 1)]
    [InlineData(0.2, 0.4, 0, 0)]
    public void Better_and_cheaper_guesses_make_longer_drafts(double acceptance, double guessTime, int least, int most) =>
        Settled(guesses => 1, acceptance, guessTime).ShouldBeInRange(least, most);

    [Fact]
    public void Useless_guesses_stop_and_are_tried_again_ever_more_seldom()
    {
        var length = new DraftLength(null, Most);
        List<int> tried = [];
        for (var pass = 0; pass < 1200; pass++)
            if (Run(length, guesses => 1 + guesses, isRight: _ => false) > 0)
                tried.Add(pass);

        int[] pauses = [.. tried.Skip(1).Zip(tried, (later, sooner) => later - sooner).Where(pause => pause > 1)];
        pauses.ShouldBe([16, 32, 64, 128, 256, 256, 256]);
    }

    [Fact]
    public void Guesses_that_become_right_are_made_again()
    {
        var length = new DraftLength(null, Most);
        for (var pass = 0; pass < 300; pass++)
            Run(length, guesses => 1, isRight: _ => false, guessTime: 0.5);
        length.Next(0).ShouldBe(0);

        List<int> after = [.. Enumerable.Range(0, 3000).Select(_ => Run(length, guesses => 1, isRight: _ => true, guessTime: 0.1))];

        after[^100..].ShouldAllBe(guesses => guesses == Most);
    }

    [Fact]
    public void One_interruption_changes_nothing()
    {
        var length = new DraftLength(null, Most);
        for (var pass = 0; pass < 100; pass++)
            Run(length, guesses => pass == 90 ? 1000 : 1, isRight: _ => true);
        length.Next(0).ShouldBe(Most);
    }

    [Fact]
    public void Expected_tokens_are_the_geometric_sum()
    {
        var length = new DraftLength(null, Most);
        for (var guess = 0; guess < 10_000; guess++)
            length.LearnGuess(guess % 4 != 0);
        var a = length.Acceptance;
        a.ShouldBe(0.75, 0.02);
        length.ExpectedTokens(3).ShouldBe(1 + a + a * a + a * a * a, 1e-9);
        length.ExpectedTokens(0).ShouldBe(1, 1e-9);
    }

    /// <summary>What is chosen after some hundred passes.</summary>
    static int Settled(Func<int, double> passTime, double acceptance = 0.8, double guessTime = 0)
    {
        var length = new DraftLength(null, Most);
        var random = new SeededRandom(7);
        List<int> chosen = [.. Enumerable.Range(0, 400).Select(_ => Run(length, passTime, _ => random.NextDouble() < acceptance, guessTime))];
        return chosen[^60..].GroupBy(guesses => guesses).MaxBy(group => group.Count())!.Key;
    }

    /// <summary>One pass of a machine with these times; gives how many were guessed.</summary>
    static int Run(DraftLength length, Func<int, double> passTime, Func<int, bool> isRight, double guessTime = 0)
    {
        var guesses = length.Next(0);
        if (guesses > 0)
            length.LearnGuessTime(TimeSpan.FromSeconds(guessTime));
        length.LearnPassTime(guesses, TimeSpan.FromSeconds(passTime(guesses)));
        for (var index = 0; index < guesses; index++)
        {
            var right = isRight(index);
            length.LearnGuess(right);
            if (!right)
                break;
        }

        return guesses;
    }
}
