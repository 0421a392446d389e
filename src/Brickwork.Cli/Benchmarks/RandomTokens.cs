namespace Brickwork.Cli.Benchmarks;

/// <summary>Tokens drawn from a model's vocabulary: its speed does not depend on what they say.</summary>
static class RandomTokens
{
    public static int[] Of(LanguageModel model, int count, int seed)
    {
        var random = new SeededRandom(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (int)(random.NextDouble() * model.Config.Vocabulary))];
    }
}
