using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;

namespace Brickwork.Data.Reading;

/// <summary>The rows of a table whose first row names the columns.</summary>
static class CsvRecords
{
    public static IEnumerable<string> Read(string name, TextReader text, RecordTemplate template, string delimiter)
    {
        using var parser = new CsvParser(text, new CsvConfiguration(CultureInfo.InvariantCulture) { Delimiter = delimiter, BadDataFound = null }, leaveOpen: true);
        if (Next(parser, name) is not { } columns)
            yield break;
        while (Next(parser, name) is { } row)
        {
            var place = $"{name}, row {parser.Row}";
            if (row.Length != columns.Length)
                throw new CorpusException($"{place} has {row.Length} columns; the first row names {columns.Length}.", "Check the quotes around that row.");
            yield return template.Fill(place, field => Array.IndexOf(columns, field) is >= 0 and var at ? row[at] : null, columns);
        }
    }

    static string[]? Next(CsvParser parser, string name)
    {
        try
        {
            return parser.Read() ? parser.Record : null;
        }
        catch (CsvHelperException cause)
        {
            throw new CorpusException($"{name}, row {parser.Row} cannot be read: {cause.Message}", "Check the quotes around that row.", cause);
        }
    }
}
