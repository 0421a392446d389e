namespace Brickwork.Cli.Tests.Processes;

/// <summary>A training of a few seconds with a bit of everything.</summary>
static class TinyTraining
{
    public const string Plan = """
        name: tiny
        new: { width: 32, layers: 2, heads: 2, feedForward: 64, context: 32 }
        tokenizer: stories260k
        data: [{ path: text.txt, boundary: line }]
        heldOut: 0.1
        steps: 150
        batch: { sequences: 4, length: 32, microSequences: 2 }
        optimizer: { kind: muon }
        schedule: { kind: wsd, rate: 0.01, warmUpSteps: 10 }
        averageDecay: 0.9
        evaluation: { every: 7, tokensPerDomain: 100 }
        samples: { every: 20, tokens: 4 }
        checkpoints: { every: 3, keep: 2 }
        """;

    public static async Task<Outcome> Run(string plan, string folder, params string[] more)
    {
        using var process = new BrickProcess(Arguments(plan, folder, more));
        return await process.Finish();
    }

    public static string[] Arguments(string plan, string folder, params string[] more) => ["train", plan, "--quiet", "--threads", "1", "--out", folder, .. more];

    public static string Text()
    {
        var random = new SeededRandom(3);
        string[] words = ["the", "cat", "dog", "sat", "ran", "and", "on", "a", "mat", "red"];
        return string.Join('\n', Enumerable.Range(0, 80).Select(_ => string.Join(' ', Enumerable.Range(0, 12).Select(_ => words[random.NextInt32(words.Length)]))));
    }
}
