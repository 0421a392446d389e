using Brickwork.TestKit;

namespace Brickwork.Laws;

/// <summary>Feeds sequences and keeps the outputs.</summary>
static class Rows
{
    /// <summary>Tokens that are all different from their neighbours, the same for the same seed.</summary>
    public static int[] Tokens(LanguageModel model, int count, int seed = 0) =>
        [.. Enumerable.Range(0, Math.Min(count, model.Config.Context)).Select(place => (place * 37 + seed * 101 + 3) % model.Config.Vocabulary)];

    /// <summary>The output of every token fed.</summary>
    public static List<float[]> Feed(ModelRunner runner, Sequence sequence, ReadOnlySpan<int> tokens)
    {
        var output = runner.Forward(sequence, tokens, LogitRows.All);
        return [.. Enumerable.Range(0, output.Rows).Select(row => output.Row(row).ToArray())];
    }

    /// <summary>The outputs of a text by itself, in a runner of its own.</summary>
    public static List<float[]> Of(LanguageModel model, int[] tokens, RunnerOptions? options = null, int? atOnce = null)
    {
        using var runner = model.CreateRunner(options);
        using var sequence = runner.StartSequence();
        var rows = new List<float[]>();
        foreach (var piece in tokens.Chunk(atOnce ?? tokens.Length))
            rows.AddRange(Feed(runner, sequence, piece));
        return rows;
    }

    /// <summary>Writes on greedily and keeps what each choice was made from.</summary>
    public static List<float[]> Continue(ModelRunner runner, Sequence sequence, float[] last, int steps)
    {
        var rows = new List<float[]>();
        for (var step = 0; step < steps; step++)
            rows.AddRange(Feed(runner, sequence, [Largest(step == 0 ? last : rows[^1])]));
        return rows;
    }

    public static int Largest(float[] row) => Array.IndexOf(row, row.Max());

    /// <summary>Whether the text may be fed in pieces: a model whose tokens look ahead sees another text then.</summary>
    public static bool ReadsInPieces(LanguageModel model) => !model.Decoder.States.LooksAhead;

    public static void ShouldHaveTheBitsOf(this IReadOnlyList<float[]> found, IReadOnlyList<float[]> expected, string how)
    {
        found.Count.ShouldBe(expected.Count, how);
        for (var row = 0; row < expected.Count; row++)
            ((ReadOnlySpan<float>)found[row]).ShouldBeClose(expected[row], Tolerance.Exact, $"{how}: row {row}");
    }
}
