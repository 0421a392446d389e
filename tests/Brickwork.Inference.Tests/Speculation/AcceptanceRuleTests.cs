using Brickwork.Inference.Speculation;
using FsCheck;
using FsCheck.Fluent;

namespace Brickwork.Inference.Tests.Speculation;

public class AcceptanceRuleTests
{
    [Fact]
    public void What_is_accepted_and_what_replaces_the_rest_follow_the_wished_distribution_exactly() =>
        Check.QuickThrowOnFailure(Prop.ForAll(Gen.Choose(0, 1_000_000).ToArbitrary(), seed =>
        {
            var random = new SeededRandom(seed);
            var tokens = 1 + random.NextInt32(12);
            var (wished, drawn) = (Distribution(random, tokens), Distribution(random, tokens));

            var found = Outcome(wished, drawn);

            for (var token = 0; token < tokens; token++)
                found[token].ShouldBe(wished[token], 1e-12);
        }));

    [Fact]
    public void A_token_is_refused_as_seldom_as_can_be() =>
        Check.QuickThrowOnFailure(Prop.ForAll(Gen.Choose(0, 1_000_000).ToArbitrary(), seed =>
        {
            var random = new SeededRandom(seed);
            var (wished, drawn) = (Distribution(random, 8), Distribution(random, 8));

            var accepted = Enumerable.Range(0, 8).Where(token => drawn[token] > 0).Sum(token => drawn[token] * AcceptanceRule.Acceptance(wished[token], drawn[token]));

            // No way to tie two draws together makes them equal more often than this.
            accepted.ShouldBe(wished.Zip(drawn, Math.Min).Sum(), 1e-12);
        }));

    /// <summary>The probability of every token after the rule, all ways to it summed.</summary>
    static double[] Outcome(double[] wished, double[] drawn)
    {
        var rest = wished.Zip(drawn, AcceptanceRule.Rest).ToArray();
        var outcome = new double[wished.Length];
        for (var guess = 0; guess < drawn.Length; guess++)
        {
            if (drawn[guess] == 0)
                continue;
            var accepted = AcceptanceRule.Acceptance(wished[guess], drawn[guess]);
            outcome[guess] += drawn[guess] * accepted;
            for (var other = 0; other < rest.Length && accepted < 1; other++)
                outcome[other] += drawn[guess] * (1 - accepted) * rest[other] / rest.Sum();
        }

        return outcome;
    }

    // Some tokens are impossible, as after top-k.
    static double[] Distribution(SeededRandom random, int tokens)
    {
        var weights = Enumerable.Range(0, tokens).Select(_ => random.NextInt32(3) == 0 ? 0 : Math.Pow(random.NextDouble(), 3)).ToArray();
        weights[random.NextInt32(tokens)] += 0.1;
        return [.. weights.Select(weight => weight / weights.Sum())];
    }
}
