using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Brickwork.Mixture;

/// <summary>The table in data/README.md, and the hashes in data/mixture.sha256.</summary>
static partial class Report
{
    public static void Write(IReadOnlyList<SourceResult> results, string folder)
    {
        var readme = Path.Combine(folder, "README.md");
        File.WriteAllText(readme, Table().Replace(File.ReadAllText(readme), _ => $"<!-- table -->\n{Rows(results)}<!-- /table -->"));
        File.WriteAllText(Path.Combine(folder, "mixture.sha256"), string.Concat(results.Where(result => result.Hash is not null).Select(result => $"{result.Hash}  {result.Domain}.jsonl\n")));
    }

    static string Rows(IReadOnlyList<SourceResult> results)
    {
        var text = new StringBuilder();
        var sources = results.Where(result => result.Hash is null).ToList();
        var total = sources.Sum(source => source.Bytes);
        text.Append("| domain | documents | MB | share of the bytes |\n|---|---|---|---|\n");
        foreach (var domain in sources.GroupBy(source => source.Domain))
            text.Append(CultureInfo.InvariantCulture, $"| {domain.Key} | {domain.Sum(source => source.Documents)} | {domain.Sum(source => source.Bytes) / 1e6:F2} | {100.0 * domain.Sum(source => source.Bytes) / total:F1} % |\n");
        text.Append(CultureInfo.InvariantCulture, $"| all | {sources.Sum(source => source.Documents)} | {total / 1e6:F2} | {sources.Max(source => source.Duplicates)} near-duplicates were taken out |\n\n");
        text.Append("| domain | source | a document is | documents | MB | MB without limit | licence |\n|---|---|---|---|---|---|---|\n");
        foreach (var source in sources)
            text.Append(CultureInfo.InvariantCulture, $"| {source.Domain} | {source.Package} | {source.Rule} | {source.Documents} | {source.Bytes / 1e6:F2} | {source.Found / 1e6:F2} | {source.Licence} |\n");
        return text.ToString();
    }

    [GeneratedRegex("<!-- table -->.*<!-- /table -->", RegexOptions.Singleline)]
    private static partial Regex Table();
}
