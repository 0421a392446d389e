using Brickwork.Inference.Generation;

namespace Brickwork.Evaluation.Scoring;

/// <summary>Texts as windows, and what the scored tokens amount to.</summary>
sealed record ScoredCorpus(IReadOnlyList<ScoredWindow> Windows, long Tokens, long Bytes)
{
    internal static ScoredCorpus Of(LanguageModel model, IEnumerable<string> texts, PerplexityOptions options, int context)
    {
        LogitModels.Require(model);
        options.Validate(context);
        List<ScoredWindow> windows = [];
        long tokens = 0, bytes = 0;
        foreach (var (window, windowBytes) in Limited(AllWindows(model.Tokenizer, texts, options, context), options.Limit))
        {
            windows.Add(window);
            tokens += window.Count;
            bytes += windowBytes;
        }

        return tokens > 0 ? new ScoredCorpus(windows, tokens, bytes) : throw new DataFileException(
            "The text has no token that could be foreseen; expected at least two tokens.", "Give a longer text.");
    }

    static IEnumerable<(ScoredWindow Window, long Bytes)> AllWindows(
        Tokenizer tokenizer, IEnumerable<string> texts, PerplexityOptions options, int context)
    {
        var window = options.Window ?? context;
        var bos = StartToken(tokenizer);
        foreach (var piece in texts.SelectMany(text => TextPieces.Of(text, options.Split)))
        {
            var ids = tokenizer.Encode(piece, EncodeOptions.None);
            var starts = Starts(tokenizer, ids);
            var cut = options.Split == TextSplit.None
                ? Scoring.Windows.Sliding(ids, bos, window, options.Stride ?? window)
                : Scoring.Windows.First(ids, bos, window);
            foreach (var one in cut)
                yield return (one, starts[one.Position + one.Count] - starts[one.Position]);
        }
    }

    /// <summary>What every piece starts with: the start token, where the model's texts do.</summary>
    internal static int? StartToken(Tokenizer tokenizer) => tokenizer.AddsBos ? tokenizer.Bos : null;

    static IEnumerable<T> Limited<T>(IEnumerable<T> windows, int? limit) => limit is { } most ? windows.Take(most) : windows;

    // The byte at which each token begins, the space that the tokenizer puts before a text included: it is foreseen like any other.
    static long[] Starts(Tokenizer tokenizer, int[] ids)
    {
        var starts = new long[ids.Length + 1];
        var isInside = true;
        for (var index = 0; index < ids.Length; index++)
            starts[index + 1] = starts[index] + tokenizer.Bytes(ids[index], DecodeOptions.None, ref isInside).Length;
        return starts;
    }
}
