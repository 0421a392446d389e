namespace Brickwork.Bricks.Merge.Preparing;

/// <summary>Texts that a model is run over, cut into windows of tokens.</summary>
static class MergeTexts
{
    const int Shortest = 2;

    /// <summary>At most <paramref name="count"/> windows: of every document the first, then of every document the second, …</summary>
    /// <param name="model">Whose tokens they are.</param>
    /// <param name="path">A file or folder of texts.</param>
    /// <param name="count">How many.</param>
    /// <param name="length">Tokens of a window, the start token included.</param>
    /// <exception cref="CorpusException">The text is missing, damaged, or holds no two tokens.</exception>
    public static IReadOnlyList<int[]> Windows(LanguageModel model, string path, int count, int length)
    {
        length = Math.Min(length, model.Config.Context);
        int[] start = model.Tokenizer is { AddsBos: true, Bos: { } bos } ? [bos] : [];
        var step = length - start.Length;
        int[][] documents = [.. Corpus.Open(path).Documents().Take(count).Select(document => model.Tokenizer.Encode(document.Text, EncodeOptions.None))];
        List<int[]> windows = [];
        for (var first = 0; windows.Count < count && documents.Any(ids => ids.Length > first); first += step)
            foreach (var ids in documents)
                if (windows.Count < count && ids.Length > first && start.Length + Math.Min(step, ids.Length - first) >= Shortest)
                    windows.Add([.. start, .. ids.AsSpan(first, Math.Min(step, ids.Length - first))]);
        return windows.Count > 0 ? windows : throw new CorpusException($"The text {path} has no two tokens.", "Give a longer text.");
    }
}
