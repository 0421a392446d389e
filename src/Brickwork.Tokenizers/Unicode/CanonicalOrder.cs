namespace Brickwork.Tokenizers.Unicode;

/// <summary>Puts each run of combining marks in the order of their classes; marks of one class keep their order.</summary>
static class CanonicalOrder
{
    // Beyond this length insertion sort would let a hostile text of marks cost quadratic time.
    const int ShortRun = 32;

    public static void Sort(Span<int> codePoints)
    {
        for (var start = 0; start < codePoints.Length; start++)
        {
            if (UnicodeTables.Of(codePoints[start]).CombiningClass == 0)
                continue;
            var end = start + 1;
            while (end < codePoints.Length && UnicodeTables.Of(codePoints[end]).CombiningClass != 0)
                end++;
            SortRun(codePoints[start..end]);
            start = end;
        }
    }

    static void SortRun(Span<int> run)
    {
        if (run.Length > ShortRun)
            SortLongRun(run);
        else
            InsertionSort(run);
    }

    static void InsertionSort(Span<int> run)
    {
        for (var i = 1; i < run.Length; i++)
        {
            var moved = run[i];
            var combining = UnicodeTables.Of(moved).CombiningClass;
            var place = i;
            for (; place > 0 && UnicodeTables.Of(run[place - 1]).CombiningClass > combining; place--)
                run[place] = run[place - 1];
            run[place] = moved;
        }
    }

    static void SortLongRun(Span<int> run)
    {
        var keys = new long[run.Length];
        for (var i = 0; i < keys.Length; i++)
            keys[i] = ((long)UnicodeTables.Of(run[i]).CombiningClass << 32) | (long)i;
        keys.AsSpan().Sort(run);
    }
}
