namespace Brickwork.Tokenizers.Unicode;

/// <summary>Canonical composition in place, over decomposed and ordered code points.</summary>
static class Composition
{
    /// <returns>The number of code points left at the front of the span.</returns>
    public static int Compose(Span<int> codePoints)
    {
        var written = 0;
        var starter = -1;
        var lastClass = 0;
        foreach (var codePoint in codePoints)
        {
            var combining = UnicodeTables.Of(codePoint).CombiningClass;

            // A mark is blocked from its starter by a mark of the same or a higher class, a starter by anything in between.
            var isAdjacent = starter == written - 1;
            var isFree = isAdjacent || (combining != 0 && lastClass < combining);
            if (starter >= 0 && isFree && TryJoin(codePoints[starter], codePoint, out var composed))
            {
                codePoints[starter] = composed;
                continue;
            }
            if (combining == 0)
                starter = written;
            lastClass = combining;
            codePoints[written++] = codePoint;
        }
        return written;
    }

    static bool TryJoin(int first, int second, out int composed) =>
        Hangul.TryCompose(first, second, out composed) || UnicodeTables.TryCompose(first, second, out composed);
}
