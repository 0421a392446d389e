using Brickwork.Evaluation.Scoring;

namespace Brickwork.Evaluation.Tasks;

/// <summary>Lays the windows that answer a question.</summary>
sealed class TaskWindows(Tokenizer tokenizer, int context)
{
    readonly int[] _start = ScoredCorpus.StartToken(tokenizer) is { } bos ? [bos] : [];

    internal IEnumerable<ScoredWindow> Of(TaskItem item) => item switch
    {
        PairItem pair => [Whole(pair.Good), Whole(pair.Bad)],
        CompletionItem completion => [Completion(completion.Prompt, completion.Completion)],
        _ => [],
    };

    // Without a start token nothing foresees the first token, and it is not scored.
    ScoredWindow Whole(string text) => Cut([.. _start, .. tokenizer.Encode(text, EncodeOptions.None)], 1);

    // Encoding both together finds the tokens that really follow; they begin where the two encodings part.
    ScoredWindow Completion(string prompt, string completion)
    {
        var before = tokenizer.Encode(prompt, EncodeOptions.None);
        var together = tokenizer.Encode(prompt + completion, EncodeOptions.None);
        var common = Math.Min(before.AsSpan().CommonPrefixLength(together), together.Length - 1);
        return Cut([.. _start, .. together], Math.Max(1, _start.Length + common));
    }

    // The end of a long text is what is asked about, so its beginning goes.
    ScoredWindow Cut(int[] tokens, int firstScored)
    {
        var surplus = tokens.Length - context;
        if (surplus <= 0)
            return new ScoredWindow(tokens, Math.Min(firstScored, tokens.Length), 0);
        int[] kept = [.. _start, .. tokens[(_start.Length + surplus)..]];
        return new ScoredWindow(kept, Math.Max(1, firstScored - surplus), 0);
    }
}
