using System.Text;
using System.Text.Json;

namespace Brickwork.Data.Reading;

/// <summary>The records of JSON files: one a line, or the items of a list or of an object.</summary>
static class JsonRecords
{
    const int LongestLine = 1 << 28;

    /// <summary>A record in every line that is not blank.</summary>
    public static IEnumerable<string> OfLines(string name, CorpusText text, RecordTemplate template)
    {
        var line = new StringBuilder();
        for (var number = 1; text.TryReadLine(line.Clear(), LongestLine, out var complete); number++)
        {
            if (!complete)
                throw new CorpusException($"{name}:{number} is longer than {LongestLine:N0} characters.", "Cut the record into several.");
            var json = line.ToString();
            if (string.IsNullOrWhiteSpace(json))
                continue;
            using var record = Parse($"{name}:{number}", json);
            yield return Text($"{name}:{number}", record.RootElement, template);
        }
    }

    /// <summary>The items of a list; the values of an object that holds records by name; or the one record.</summary>
    public static IEnumerable<string> OfWhole(string name, CorpusText text, RecordTemplate template)
    {
        var json = text.ReadToEnd();
        if (string.IsNullOrWhiteSpace(json))
            yield break;
        using var file = Parse(name, json);
        foreach (var (place, record) in Items(name, file.RootElement, template))
            yield return Text(place, record, template);
    }

    static IEnumerable<(string Place, JsonElement Record)> Items(string name, JsonElement root, RecordTemplate template)
    {
        if (root.ValueKind == JsonValueKind.Array)
            return root.EnumerateArray().Select((item, index) => ($"{name}[{index}]", item));
        var byName = root.ValueKind == JsonValueKind.Object && template.Fields.All(field => Find(root, field) is null)
            && root.EnumerateObject().Any() && root.EnumerateObject().All(item => item.Value.ValueKind == JsonValueKind.Object);
        return byName ? root.EnumerateObject().Select(item => ($"{name}[\"{item.Name}\"]", item.Value)) : [(name, root)];
    }

    static string Text(string place, JsonElement record, RecordTemplate template) => record.ValueKind switch
    {
        JsonValueKind.String => record.GetString()!,
        JsonValueKind.Object => template.Fill(place, field => Find(record, field), record.EnumerateObject().Select(property => property.Name)),
        _ => throw new CorpusException($"{place} is a JSON {record.ValueKind}; expected an object or a string.", "Check that the file holds texts."),
    };

    // A field may lie deeper: a.b is the field b of the object a.
    static string? Find(JsonElement record, string field)
    {
        foreach (var name in field.Split('.'))
        {
            if (record.ValueKind != JsonValueKind.Object || !record.TryGetProperty(name, out record))
                return null;
        }
        return Plain(record);
    }

    static string Plain(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Array => string.Join('\n', value.EnumerateArray().Select(Plain)),
        JsonValueKind.Null => "",
        _ => value.GetRawText(),
    };

    static JsonDocument Parse(string place, string json)
    {
        try
        {
            return JsonDocument.Parse(json);
        }
        catch (JsonException cause)
        {
            throw new CorpusException($"{place} is no JSON: {cause.Message}", "Check the file; a .jsonl file holds one object a line.", cause);
        }
    }
}
