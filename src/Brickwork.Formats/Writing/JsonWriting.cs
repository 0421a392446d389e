using System.Text;
using System.Text.Json;

namespace Brickwork.Formats.Writing;

/// <summary>JSON objects that are small enough to be made in memory, and what stands in many of them.</summary>
static class JsonWriting
{
    /// <summary>An object as UTF-8.</summary>
    /// <param name="members">Writes what is in it.</param>
    /// <param name="options">How it looks.</param>
    public static byte[] Bytes(Action<Utf8JsonWriter> members, JsonWriterOptions options = default)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, options))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }
        return bytes.ToArray();
    }

    /// <inheritdoc cref="Bytes"/>
    public static string Text(Action<Utf8JsonWriter> members, JsonWriterOptions options = default) => Encoding.UTF8.GetString(Bytes(members, options));

    /// <summary>Writes a member that is an array of texts.</summary>
    public static void WriteTexts(this Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts)
            json.WriteStringValue(text);
        json.WriteEndArray();
    }

    /// <summary>Writes a member that is a shape, slowest dimension first.</summary>
    public static void WriteShape(this Utf8JsonWriter json, string name, Shape shape)
    {
        json.WriteStartArray(name);
        for (var dimension = 0; dimension < shape.Rank; dimension++)
            json.WriteNumberValue(shape[dimension]);
        json.WriteEndArray();
    }
}
