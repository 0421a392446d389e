using System.Text.Json;
using Brickwork.Formats.Log;
using Brickwork.Formats.Writing;

namespace Brickwork.Formats.BrickFiles;

/// <summary>The manifest of a brick as JSON. Unknown names are errors.</summary>
static class ManifestJson
{
    const int Version = 1;

    static readonly string[] Granularities = ["neuron", "matrix", "layer", "model"];

    public static string Write(BrickManifest manifest) => JsonWriting.Text(json =>
    {
        json.WriteNumber("version", Version);
        json.WriteString("id", manifest.Id);
        json.WriteString("kind", NameOf(manifest.Kind));
        json.WriteString("granularity", manifest.Granularity);
        json.WriteTexts("slots", manifest.Slots);
        if (manifest.Members.Count > 0)
            json.WriteTexts("members", manifest.Members);
        json.WriteString("parent", manifest.Parent);
        json.WriteString("content", manifest.Content);
        OperationJson.WriteLog(json, manifest.Log);
        WriteScores(json, manifest);
        json.WriteString("licence", manifest.Licence);
        json.WriteString("provenance", manifest.Provenance);
    });

    /// <summary>Writes the object <c>scores</c>.</summary>
    public static void WriteScores(Utf8JsonWriter json, BrickManifest manifest)
    {
        json.WriteStartObject("scores");
        foreach (var (name, score) in manifest.Scores)
            json.WriteNumber(name, score);
        json.WriteEndObject();
    }

    /// <exception cref="CheckpointException">It is no manifest.</exception>
    public static BrickManifest Read(string text, string source)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return Read(document.RootElement, source);
        }
        catch (Exception cause) when (cause is JsonException or InvalidOperationException or FormatException)
        {
            throw Fault(source, $"is no valid manifest ({cause.Message})", "a JSON object of the known form", cause);
        }
    }

    /// <summary>The name of a kind: <c>controlVector</c>.</summary>
    public static string NameOf(BrickKind kind) => JsonNamingPolicy.CamelCase.ConvertName(kind.ToString());

    static BrickManifest Read(JsonElement json, string source)
    {
        if (json.GetProperty("version").GetInt32() is var version and not Version)
            throw new UnsupportedModelException($"The brick {source} is of version {version}; this version reads {Version}.", "Use a newer Brickwork.");
        var manifest = new BrickManifest { Id = "", Kind = BrickKind.Lora };
        foreach (var entry in json.EnumerateObject())
            manifest = entry.Name switch
            {
                "version" => manifest,
                "id" => manifest with { Id = entry.Value.GetString() ?? "" },
                "kind" => manifest with { Kind = KindOf(entry.Value.GetString(), source) },
                "granularity" => manifest with { Granularity = GranularityOf(entry.Value.GetString(), source) },
                "slots" => manifest with { Slots = Texts(entry.Value) },
                "members" => manifest with { Members = Texts(entry.Value) },
                "parent" => manifest with { Parent = entry.Value.GetString() },
                "content" => manifest with { Content = entry.Value.GetString() },
                "log" => manifest with { Log = [.. entry.Value.EnumerateArray().Select(operation => OperationJson.Read(operation, source))] },
                "scores" => manifest with { Scores = entry.Value.EnumerateObject().ToDictionary(score => score.Name, score => score.Value.GetDouble()) },
                "licence" => manifest with { Licence = entry.Value.GetString() },
                "provenance" => manifest with { Provenance = entry.Value.GetString() },
                _ => throw Fault(source, $"has the unknown entry '{entry.Name}'", "id, kind, granularity, slots, members, parent, content, log, scores, licence, provenance"),
            };
        BrickId.Check(manifest.Id, source);
        return manifest;
    }

    static BrickKind KindOf(string? name, string source)
    {
        foreach (var kind in Enum.GetValues<BrickKind>())
            if (NameOf(kind) == name)
                return kind;
        throw Fault(source, $"is of the unknown kind '{name}'", string.Join(", ", Enum.GetValues<BrickKind>().Select(NameOf)));
    }

    static string GranularityOf(string? name, string source) =>
        Granularities.Contains(name) ? name! : throw Fault(source, $"has the unknown granularity '{name}'", string.Join(", ", Granularities));

    static string[] Texts(JsonElement array) => [.. array.EnumerateArray().Select(item => item.GetString() ?? "")];

    static CheckpointException Fault(string source, string found, string expected, Exception? cause = null) => new(
        $"The manifest of the brick {source} {found}; expected {expected}.", "The file is damaged, or was made by a later version.", cause);
}
