using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Brickwork.EndToEnd;

/// <summary>The section of one model on a page of results.</summary>
static partial class ResultPage
{
    /// <summary>A headline, how it was measured, the rows of both engines, and the rows beside busy processes where there are any.</summary>
    public static string Section(string model, IEnumerable<string> circumstances, IEnumerable<PairedRow> rows, Crowd? crowd)
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"## {Path.GetFileName(model)}\n\n");
        foreach (var circumstance in circumstances)
            text.Append(CultureInfo.InvariantCulture, $"- {circumstance}\n");
        var list = rows.ToList();
        if (list.Count > 0)
            text.Append('\n').Append(Pairs(list));
        if (crowd is not null)
            text.Append('\n').Append(Crowded(crowd));
        return text.ToString();
    }

    /// <summary>A folder's name for a processor.</summary>
    public static string Slug(string processor) => NotPlain().Replace(processor.ToLowerInvariant(), "-").Trim('-');

    static StringBuilder Pairs(IEnumerable<PairedRow> rows)
    {
        var text = new StringBuilder()
            .Append("| phase | threads | brick median | brick best | share | llama.cpp median | llama.cpp best | share | ratio of medians | median of ratios |\n")
            .Append("|---|---|---|---|---|---|---|---|---|---|\n");
        foreach (var row in rows)
            text.Append(CultureInfo.InvariantCulture, $"| {row.Phase} | {row.Threads} | {Cells(row.Ours)} | {Cells(row.Theirs)} | **{row.RatioOfMedians:F2}** | {row.MedianOfRatios:F2} |\n");
        return text;
    }

    static string Cells(Side side) => string.Create(CultureInfo.InvariantCulture, $"{side.Median:F1} | {side.Best:F1} | {side.Share?.ToString("F2", CultureInfo.InvariantCulture) ?? "–"}");

    static StringBuilder Crowded(Crowd crowd)
    {
        var (few, many) = (crowd.Threads[0], crowd.Threads[^1]);
        var text = new StringBuilder()
            .Append(CultureInfo.InvariantCulture, $"Writing beside {crowd.Loops} busy processes, tokens per second, medians; 0 = no result in {crowd.LimitSeconds} s:\n\n")
            .Append(CultureInfo.InvariantCulture, $"| engine | {string.Join(" | ", crowd.Threads.Select(threads => threads == 1 ? "1 thread" : $"{threads} threads"))} | {many} to {few} |\n")
            .Append(CultureInfo.InvariantCulture, $"|{string.Concat(Enumerable.Repeat("---|", crowd.Threads.Count + 2))}\n");
        foreach (var row in crowd.Rows)
        {
            var rates = crowd.Threads.Select(threads => row.Median(threads).ToString("F1", CultureInfo.InvariantCulture));
            text.Append(CultureInfo.InvariantCulture, $"| {row.Engine} | {string.Join(" | ", rates)} | **{row.Gain(few, many):F2}** |\n");
        }
        return text;
    }

    [GeneratedRegex("[^a-z0-9]+")]
    private static partial Regex NotPlain();
}
