using System.Text.Json;

namespace Brickwork.Models.HuggingFace;

/// <summary>What the library sentence-transformers puts beside an embedding model: how token vectors become one.</summary>
static class SentenceFiles
{
    const string Folder = "1_Pooling";

    static readonly (string Name, Pooling Pooling)[] Modes =
        [("pooling_mode_mean_tokens", Pooling.Mean), ("pooling_mode_cls_token", Pooling.First), ("pooling_mode_lasttoken", Pooling.Last)];

    public static void Read(HuggingFaceFolder folder, CanonicalModel model)
    {
        var path = Path.Combine(folder.Path, Folder, "config.json");
        if (!File.Exists(path))
            return;
        using var json = Formats.Reading.JsonFile.Read(path, Formats.Reading.JsonFile.SmallFile);
        foreach (var (name, pooling) in Modes)
            if (json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True)
                model.Set("pooling_type", (uint)pooling);
    }

    /// <summary>Writes the files, where the model pools.</summary>
    public static void Write(string folder, CanonicalModel model)
    {
        if (model.TryInt("pooling_type") is not (>= 1 and <= 3 and var type))
            return;
        Directory.CreateDirectory(Path.Combine(folder, Folder));
        JsonText.Write(Path.Combine(folder, Folder, "config.json"), json =>
        {
            json.WriteNumber("word_embedding_dimension", model.Int("embedding_length"));
            foreach (var (name, pooling) in Modes)
                json.WriteBoolean(name, (int)pooling == type);
        });
        File.WriteAllText(Path.Combine(folder, "modules.json"),
            """
            [
              { "idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer" },
              { "idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling" }
            ]

            """);
    }
}
