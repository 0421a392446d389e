using System.Text.Encodings.Web;
using System.Text.Json;
using Brickwork.Formats.Writing;

namespace Brickwork.Formats.Log;

/// <summary>An operation of a log as JSON. Unknown names are errors.</summary>
static class OperationJson
{
    static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Line(LoggedOperation operation) => JsonWriting.Text(json => Write(json, operation), Options);

    /// <summary>Writes the array <c>log</c>.</summary>
    public static void WriteLog(Utf8JsonWriter json, IReadOnlyList<LoggedOperation> log)
    {
        json.WriteStartArray("log");
        foreach (var operation in log)
        {
            json.WriteStartObject();
            Write(json, operation);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    static void Write(Utf8JsonWriter json, LoggedOperation operation)
    {
        json.WriteString("operation", operation.Name);
        json.WriteString("version", operation.Version);
        json.WriteStartObject("arguments");
        foreach (var (name, value) in operation.Arguments)
            json.WriteString(name, value);
        json.WriteEndObject();
        json.WriteStartArray("inputs");
        foreach (var input in operation.Inputs)
            WriteInput(json, input);
        json.WriteEndArray();
        if (operation.Seed is { } seed)
            json.WriteNumber("seed", seed);
        if (operation.Output is { } output)
            json.WriteString("output", output);
    }

    /// <exception cref="CheckpointException">It is no operation, or one of a later version.</exception>
    public static LoggedOperation Read(string line, string source)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            return Read(document.RootElement, source);
        }
        catch (JsonException cause)
        {
            throw Fault(source, $"holds a line that is no JSON ({cause.Message})", "one JSON object a line", cause);
        }
    }

    /// <inheritdoc cref="Read(string, string)"/>
    public static LoggedOperation Read(JsonElement json, string source)
    {
        try
        {
            var operation = new LoggedOperation { Name = "", Version = "" };
            foreach (var entry in json.EnumerateObject())
                operation = entry.Name switch
                {
                    "operation" => operation with { Name = entry.Value.GetString() ?? "" },
                    "version" => operation with { Version = entry.Value.GetString() ?? "" },
                    "arguments" => operation with { Arguments = Arguments(entry.Value) },
                    "inputs" => operation with { Inputs = [.. entry.Value.EnumerateArray().Select(input => ReadInput(input, source))] },
                    "seed" => operation with { Seed = entry.Value.GetInt64() },
                    "output" => operation with { Output = entry.Value.GetString() },
                    _ => throw Unknown(source, entry.Name, "operation, version, arguments, inputs, seed, output"),
                };
            return operation.Name.Length > 0 ? operation : throw Fault(source, "holds an operation without a name", "what was done");
        }
        catch (Exception cause) when (cause is InvalidOperationException or FormatException)
        {
            throw Fault(source, $"holds a line that is no operation ({cause.Message})", "a JSON object of the known form", cause);
        }
    }

    public static CheckpointException Fault(string source, string found, string expected, Exception? cause = null) => new(
        $"The log in {source} {found}; expected {expected}.", "It is damaged, or was written by a later version.", cause);

    static void WriteInput(Utf8JsonWriter json, LoggedInput input)
    {
        json.WriteStartObject();
        json.WriteString("role", input.Role);
        json.WriteString("name", input.Name);
        json.WriteString("hash", input.Hash);
        json.WriteNumber("bytes", input.Bytes);
        json.WriteEndObject();
    }

    static LoggedInput ReadInput(JsonElement json, string source)
    {
        var input = new LoggedInput("", "", null, 0);
        foreach (var entry in json.EnumerateObject())
            input = entry.Name switch
            {
                "role" => input with { Role = entry.Value.GetString() ?? "" },
                "name" => input with { Name = entry.Value.GetString() ?? "" },
                "hash" => input with { Hash = entry.Value.GetString() },
                "bytes" => input with { Bytes = entry.Value.GetInt64() },
                _ => throw Unknown(source, entry.Name, "role, name, hash, bytes"),
            };
        return input;
    }

    static OrderedDictionary<string, string> Arguments(JsonElement json)
    {
        var arguments = new OrderedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in json.EnumerateObject())
            arguments[entry.Name] = entry.Value.GetString() ?? "";
        return arguments;
    }

    static CheckpointException Unknown(string source, string name, string expected) => Fault(source, $"has the unknown entry '{name}'", expected);
}
