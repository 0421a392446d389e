namespace Brickwork.Bricks.Merge.Planning;

/// <summary>The name that somebody may have meant.</summary>
static class NearestName
{
    /// <summary>The first of the names with a part that is reached from a text by the fewest changes of letters (Sellers 1980); null where there are no names.</summary>
    public static string? Of(string text, IEnumerable<string> names) => names.MinBy(name => Distance(text, name));

    static int Distance(string text, string name)
    {
        // A part may begin and end anywhere in the name: both cost nothing.
        var (row, above) = (new int[name.Length + 1], new int[name.Length + 1]);
        for (var i = 0; i < text.Length; i++)
        {
            (above, row) = (row, above);
            row[0] = i + 1;
            for (var j = 0; j < name.Length; j++)
                row[j + 1] = Math.Min(above[j] + (text[i] == name[j] ? 0 : 1), 1 + Math.Min(above[j + 1], row[j]));
        }
        return row.Min();
    }
}
