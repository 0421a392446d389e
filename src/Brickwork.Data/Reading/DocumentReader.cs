namespace Brickwork.Data.Reading;

/// <summary>The documents of a file, by the format that its ending tells; an unknown ending is plain text.</summary>
static class DocumentReader
{
    public static IEnumerable<string> Read(SourceFile file, CorpusSource source)
    {
        using var text = new CorpusText(file, source.Encoding);
        foreach (var document in Records(file, text, source).SelectMany(record => TextDocuments.Cut(record, source.LongestDocument)))
            yield return document;
    }

    static IEnumerable<string> Records(SourceFile file, CorpusText text, CorpusSource source)
    {
        var template = new RecordTemplate(source.Template);
        return file.Extension switch
        {
            ".jsonl" or ".ndjson" => JsonRecords.OfLines(file.Name, text, template),
            ".json" => JsonRecords.OfWhole(file.Name, text, template),
            ".csv" => CsvRecords.Read(file.Name, text, template, ","),
            ".tsv" => CsvRecords.Read(file.Name, text, template, "\t"),
            _ => TextDocuments.Read(text, source.Boundary, source.LongestDocument),
        };
    }
}
