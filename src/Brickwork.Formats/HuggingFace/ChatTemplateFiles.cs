using System.Text;
using System.Text.Json;
using Brickwork.Formats.Reading;

namespace Brickwork.Formats.HuggingFace;

/// <summary>Finds the chat templates of a folder: files of their own win over those in the tokenizer's settings.</summary>
static class ChatTemplateFiles
{
    const string DefaultName = "default";
    const int MostBytes = 4 << 20;

    public static Dictionary<string, string> Read(string folder, JsonElement? tokenizerConfig)
    {
        var templates = new Dictionary<string, string>(StringComparer.Ordinal);
        if (tokenizerConfig is { } config && config.TryGetProperty("chat_template", out var inSettings))
            AddSettings(templates, inSettings, Path.Combine(folder, "tokenizer_config.json"));
        var own = Path.Combine(folder, "chat_template.jinja");
        if (File.Exists(own))
            templates[DefaultName] = Text(own);
        var others = Path.Combine(folder, "additional_chat_templates");
        if (Directory.Exists(others))
            foreach (var path in Directory.EnumerateFiles(others, "*.jinja").Order(StringComparer.Ordinal))
                templates[Path.GetFileNameWithoutExtension(path)] = Text(path);
        return templates;
    }

    static void AddSettings(Dictionary<string, string> templates, JsonElement value, string source)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Null:
                return;
            case JsonValueKind.String:
                templates[DefaultName] = value.GetString()!;
                return;
            case JsonValueKind.Array:
                foreach (var entry in value.EnumerateArray())
                    templates[Field(entry, "name", source)] = Field(entry, "template", source);
                return;
            default:
                throw new CheckpointException($"chat_template in {source} is {value.ValueKind}; expected a text or a list of named texts.", "Correct or remove it.");
        }
    }

    static string Field(JsonElement entry, string name, string source) =>
        entry.ValueKind == JsonValueKind.Object && entry.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()!
            : throw new CheckpointException($"An entry of chat_template in {source} has no text as '{name}'.", "Correct or remove it.");

    static string Text(string path) => Encoding.UTF8.GetString(JsonFile.ReadBytes(path, MostBytes)).TrimStart('\uFEFF');
}
