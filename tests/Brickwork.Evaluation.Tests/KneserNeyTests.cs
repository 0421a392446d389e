using Brickwork.Evaluation.Baselines;

namespace Brickwork.Evaluation.Tests;

public sealed class KneserNeyTests
{
    const int Vocabulary = 7;

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    public void The_probabilities_behind_any_context_add_up_to_one(int order)
    {
        var training = Text(600, seed: 1);
        foreach (var context in Enumerable.Range(0, 30).Select(seed => Text(1 + seed % 6, seed + 10)))
        {
            var texts = Enumerable.Range(0, Vocabulary).Select(token => (int[])[.. context, token]).ToArray();
            var model = new KneserNey(training, texts.Append(context), order, Vocabulary);

            texts.Sum(text => Math.Exp(-Math.Log(2) * (model.Bits(text) - model.Bits(context)))).ShouldBe(1, 1e-9);
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void The_surprise_is_that_of_the_plain_formulas(int order)
    {
        var training = Text(900, seed: 2);
        int[][] texts = [Text(40, seed: 3), Text(25, seed: 4), training[100..150]];
        var model = new KneserNey(training, texts, order, Vocabulary);
        var plain = new PlainKneserNey(training, order, Vocabulary);

        foreach (var text in texts)
        {
            var expected = Enumerable.Range(1, text.Length - 1).Sum(at => -Math.Log2(plain.Probability(text[Math.Max(0, at + 1 - order)..at], text[at])));
            model.Bits(text).ShouldBe(expected, 1e-9 * expected);
        }
    }

    [Fact]
    public void A_text_that_was_learnt_is_less_surprising_than_another()
    {
        var training = Text(2000, seed: 5);
        int[][] texts = [training[300..400], Text(100, seed: 6)];
        var model = new KneserNey(training, texts, 5, Vocabulary);

        model.Bits(texts[0]).ShouldBeLessThan(0.7 * model.Bits(texts[1]));
    }

    // Some tokens are frequent, some rare, and a token leans on the one before it.
    static int[] Text(int length, long seed)
    {
        var random = new SeededRandom(seed);
        var text = new int[length];
        for (var i = 1; i < length; i++)
            text[i] = random.NextInt32(3) == 0 ? (text[i - 1] + 1) % Vocabulary : Math.Min(random.NextInt32(Vocabulary), random.NextInt32(Vocabulary));
        return text;
    }
}
