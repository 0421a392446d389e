using System.Text.Encodings.Web;
using System.Text.Json;

namespace Brickwork.Models.HuggingFace;

/// <summary>Writes small JSON files that people read.</summary>
static class JsonText
{
    public static JsonWriterOptions Options { get; } = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes one object.</summary>
    public static void Write(string path, Action<Utf8JsonWriter> members)
    {
        using var file = File.Create(path);
        using var json = new Utf8JsonWriter(file, Options);
        json.WriteStartObject();
        members(json);
        json.WriteEndObject();
    }
}
