using System.IO.Compression;
using System.Text.Json;

namespace Brickwork.Evaluation.Tasks;

/// <summary>Reads questions from JSON lines.</summary>
static class TaskReader
{
    internal static List<TaskItem> ReadLines(string path) => Checked(path, [.. Parse(TextFiles.Read(path), path, "")]);

    /// <summary>Every .jsonl file of a zip is a subset under its own name.</summary>
    internal static List<TaskItem> ReadZip(string path)
    {
        List<TaskItem> items = [];
        try
        {
            using var zip = ZipFile.OpenRead(path);
            foreach (var entry in zip.Entries.Where(IsSet).OrderBy(entry => entry.Name, StringComparer.Ordinal))
            {
                using var reader = new StreamReader(entry.Open());
                items.AddRange(Parse(reader.ReadToEnd(), entry.FullName, Path.GetFileNameWithoutExtension(entry.Name)));
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw TextFiles.Unreadable(path, fault);
        }

        return Checked(path, items);
    }

    // A Mac leaves a folder of its own in a zip.
    static bool IsSet(ZipArchiveEntry entry) =>
        entry.Name.EndsWith(".jsonl", StringComparison.Ordinal) && !entry.FullName.StartsWith("__MACOSX", StringComparison.Ordinal);

    static List<TaskItem> Checked(string path, List<TaskItem> items) =>
        items.Count > 0 ? items : throw new DataFileException($"The task file '{path}' holds no question; expected JSON lines.", Forms);

    static IEnumerable<TaskItem> Parse(string lines, string path, string subset)
    {
        var number = 0;
        foreach (var line in lines.Split('\n'))
        {
            number++;
            if (!string.IsNullOrWhiteSpace(line))
                yield return ParseLine(line, subset) ?? throw Wrong(path, number, line);
        }
    }

    static TaskItem? ParseLine(string line, string subset)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            return document.RootElement.ValueKind == JsonValueKind.Object ? ToItem(document.RootElement, subset) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    static TaskItem? ToItem(JsonElement line, string subset)
    {
        subset = Text(line, "subset") ?? subset;
        if ((Text(line, "good") ?? Text(line, "sentence_good")) is { } good && (Text(line, "bad") ?? Text(line, "sentence_bad")) is { } bad)
            return new PairItem(subset, good, bad);
        if (Text(line, "prompt") is { } prompt && Text(line, "completion") is { Length: > 0 } completion)
            return new CompletionItem(subset, prompt, completion);
        return Text(line, "text") is { } text ? LastWord(subset, text) : null;
    }

    static CompletionItem? LastWord(string subset, string text)
    {
        text = text.TrimEnd();
        var space = text.LastIndexOf(' ');
        return space > 0 ? new CompletionItem(subset, text[..space], text[space..]) : null;
    }

    static string? Text(JsonElement line, string name) =>
        line.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    static DataFileException Wrong(string path, int number, string line) => new(
        $"Line {number} of '{path}' is no question: {(line.Length > 60 ? line[..60] + "…" : line.TrimEnd())}", Forms);

    const string Forms = """Write one JSON object a line: {"good": …, "bad": …}, {"prompt": …, "completion": …} or {"text": …}.""";
}
