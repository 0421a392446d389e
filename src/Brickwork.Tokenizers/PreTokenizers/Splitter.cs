namespace Brickwork.Tokenizers.PreTokenizers;

/// <summary>What becomes of the matches of a cut.</summary>
enum SplitBehavior
{
    /// <summary>They go.</summary>
    Removed,

    /// <summary>Each is a part of its own.</summary>
    Isolated,

    /// <summary>Each joins the part before.</summary>
    MergedWithPrevious,

    /// <summary>Each joins the part behind.</summary>
    MergedWithNext,

    /// <summary>Neighbouring matches are one part.</summary>
    Contiguous,
}

/// <summary>Cuts where something matches; inverted, the matches count as the text and what lies between as the matches.</summary>
sealed class Splitter(Matching matching, SplitBehavior behavior, bool inverted = false) : PreTokenizer
{
    public override void Split(Piece piece, List<Piece> output)
    {
        var matches = new List<(int Start, int End)>();
        matching.FindAll(piece.Span, matches);
        var parts = Parts(matches, piece.Text.Length);
        if (behavior is not (SplitBehavior.Removed or SplitBehavior.Isolated))
            parts = Join(parts);
        foreach (var (start, end, isMatch) in parts)
        {
            if (end > start && !(isMatch && behavior == SplitBehavior.Removed))
                output.Add(piece.Slice(start, end - start));
        }
    }

    List<(int Start, int End, bool IsMatch)> Parts(List<(int Start, int End)> matches, int length)
    {
        var parts = new List<(int Start, int End, bool IsMatch)>(2 * matches.Count + 1);
        var at = 0;
        foreach (var (start, end) in matches)
        {
            if (start > at)
                parts.Add((at, start, inverted));
            if (end > start)
                parts.Add((start, end, !inverted));
            at = end;
        }
        if (at < length)
            parts.Add((at, length, inverted));
        return parts;
    }

    List<(int Start, int End, bool IsMatch)> Join(List<(int Start, int End, bool IsMatch)> parts)
    {
        var joined = new List<(int Start, int End, bool IsMatch)>(parts.Count);
        var previousWasMatch = false;
        foreach (var part in parts)
        {
            var joins = joined.Count > 0 && behavior switch
            {
                SplitBehavior.Contiguous => part.IsMatch == previousWasMatch,
                SplitBehavior.MergedWithPrevious => part.IsMatch && !previousWasMatch,
                _ => !part.IsMatch && previousWasMatch,
            };
            if (joins)
                joined[^1] = (joined[^1].Start, part.End, part.IsMatch);
            else
                joined.Add(part);
            previousWasMatch = part.IsMatch;
        }
        return joined;
    }
}
