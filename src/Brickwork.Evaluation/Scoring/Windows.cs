namespace Brickwork.Evaluation.Scoring;

/// <summary>Lays windows over the tokens of a piece so that each token is scored once.</summary>
/// <remarks>Every window starts with the model's start token. Without one, the very first token of a piece is not scored.</remarks>
static class Windows
{
    /// <summary>One window at the start of the piece; what does not fit is cut off.</summary>
    internal static IEnumerable<ScoredWindow> First(int[] ids, int? bos, int window)
    {
        int[] tokens = [.. Start(bos), .. ids];
        tokens = tokens[..Math.Min(window, tokens.Length)];
        return tokens.Length > 1 ? [new ScoredWindow(tokens, 1, bos is null ? 1 : 0)] : [];
    }

    /// <summary>Windows that slide over the piece.</summary>
    internal static IEnumerable<ScoredWindow> Sliding(int[] ids, int? bos, int window, int stride)
    {
        var room = window - (bos is null ? 0 : 1);
        // Without a start token, neighbours share a token: the first one of a window is only context.
        var advance = Math.Min(stride, window - 1);
        var done = bos is null ? 1 : 0;
        for (var start = 0; done < ids.Length; start += advance)
        {
            var end = Math.Min(start + room, ids.Length);
            if (end <= done)
                continue;
            int[] tokens = [.. Start(bos), .. ids[start..end]];
            yield return new ScoredWindow(tokens, tokens.Length - (end - done), done);
            done = end;
        }
    }

    static int[] Start(int? bos) => bos is { } id ? [id] : [];
}
