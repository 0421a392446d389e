namespace Brickwork.Bricks.Merge.Planning;

/// <summary>Tokens for which a model has no row: nobody can read them, so a merge leaves them out, as mergekit does.</summary>
static class UnusedTokens
{
    const string Keys = "tokenizer.ggml.";
    const string TokensKey = Keys + "tokens", MergesKey = Keys + "merges", TypesKey = Keys + "token_type", ScoresKey = Keys + "scores", EndsKey = Keys + "eos_token_ids";
    const string IdEnding = "_token_id";

    /// <summary>Takes what stands behind the last row out of a tokenizer: texts, types, scores, merges that need them, and special tokens.</summary>
    public static void Drop(Metadata metadata, int rows)
    {
        if (metadata.TryTexts(TokensKey) is not { } tokens || tokens.Length <= rows)
            return;
        var gone = tokens[rows..].Except(tokens[..rows], StringComparer.Ordinal).ToHashSet(StringComparer.Ordinal);
        metadata.Set(TokensKey, tokens[..rows]);
        if (metadata.TryInts(TypesKey) is { } types)
            metadata.Set(TypesKey, types[..Math.Min(rows, types.Length)]);
        if (metadata.TryFloats(ScoresKey) is { } scores)
            metadata.Set(ScoresKey, scores[..Math.Min(rows, scores.Length)]);
        if (metadata.TryTexts(MergesKey) is { } merges)
            metadata.Set(MergesKey, (string[])[.. merges.Where(merge => !Needs(merge, gone))]);
        if (metadata.TryInts(EndsKey) is { } ends)
            metadata.Set(EndsKey, (int[])[.. ends.Where(id => id < rows)]);
        foreach (var key in metadata.Select(entry => entry.Key).Where(key => key.StartsWith(Keys, StringComparison.Ordinal) && key.EndsWith(IdEnding, StringComparison.Ordinal)).ToList())
            if (metadata.TryInt(key) >= rows)
                metadata.Remove(key);
    }

    /// <summary>A merge is its two parts with a space between them.</summary>
    static bool Needs(string merge, HashSet<string> gone) =>
        merge.IndexOf(' ', Math.Min(1, merge.Length)) is >= 0 and var space && merge[..space] is var left && merge[(space + 1)..] is var right
        && (gone.Contains(left) || gone.Contains(right) || gone.Contains(left + right));
}
