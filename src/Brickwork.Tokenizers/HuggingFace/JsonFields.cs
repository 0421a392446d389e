using System.Text.Json;

namespace Brickwork.Tokenizers.HuggingFace;

/// <summary>Reads fields of tokenizer.json; a field of the wrong kind is a fault of the file.</summary>
static class JsonFields
{
    public static JsonElement Parse(ReadOnlySpan<byte> utf8, string file)
    {
        try
        {
            var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            using var document = JsonDocument.ParseValue(ref reader);
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : throw Faults.Tokenizer($"{file} is no JSON object.");
        }
        catch (JsonException fault)
        {
            throw new CheckpointException($"{file} is no JSON: {fault.Message}", "Download the file again.", fault);
        }
    }

    extension(JsonElement element)
    {
        /// <summary>A field that is there and not null.</summary>
        public JsonElement? Field(string name) =>
            element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var field) && field.ValueKind != JsonValueKind.Null ? field : null;

        public string Type => element.Text("type") ?? throw Wrong("type", "a text");

        public string? Text(string name) => element.Field(name) switch
        {
            null => null,
            { ValueKind: JsonValueKind.String } field => field.AsText(name),
            _ => throw Wrong(name, "a text"),
        };

        public bool Flag(string name, bool otherwise) => element.Field(name) switch
        {
            null => otherwise,
            { ValueKind: JsonValueKind.True } => true,
            { ValueKind: JsonValueKind.False } => false,
            _ => throw Wrong(name, "true or false"),
        };

        public int? Int(string name) => element.Field(name) switch
        {
            null => null,
            { ValueKind: JsonValueKind.Number } field when field.TryGetInt32(out var number) => number,
            _ => throw Wrong(name, "a whole number"),
        };

        public IEnumerable<JsonElement> Items(string name) => element.Field(name) switch
        {
            null => [],
            { ValueKind: JsonValueKind.Array } field => field.EnumerateArray(),
            _ => throw Wrong(name, "an array"),
        };

        public string AsText(string what)
        {
            try
            {
                return element.ValueKind == JsonValueKind.String ? element.GetString()! : throw Wrong(what, "a text");
            }
            catch (InvalidOperationException)
            {
                throw Wrong(what, "a text of whole characters");
            }
        }

        public int AsInt(string what) =>
            element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out var number) ? number : throw Wrong(what, "a whole number");
    }

    static CheckpointException Wrong(string name, string expected) => Faults.Tokenizer($"'{name}' in tokenizer.json is not {expected}.");
}
