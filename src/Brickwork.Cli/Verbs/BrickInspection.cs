using System.Globalization;
using System.Text.Json;
using Brickwork.Cli.Cards;
using Brickwork.Cli.Terminal;
using Brickwork.Formats.BrickFiles;
using Brickwork.Formats.Log;
using Brickwork.Formats.Writing;

namespace Brickwork.Cli.Verbs;

/// <summary><c>brick inspect</c> of a brick instead of a model.</summary>
static class BrickInspection
{
    /// <summary>Whether a file is a brick or an adapter; folders of PEFT are read with a model only.</summary>
    public static bool IsAt(string path)
    {
        if (!File.Exists(path) || StackFile.IsAt(path))
            return false;
        switch (CheckpointFile.Detect(path))
        {
            case ModelFormat.Gguf:
                using (var adapter = GgufCheckpoint.OpenFile(path))
                    return GgufAdapter.Is(adapter.Metadata);
            case ModelFormat.Safetensors:
                using (var brick = SafetensorsCheckpoint.OpenFile(path))
                    return brick.Metadata.Contains(BrickFile.ManifestKey);
            default:
                return false;
        }
    }

    public static void Show(OutputStreams output, Brick brick)
    {
        var manifest = brick.Manifest;
        if (output.Json)
            output.WriteJson(json => Write(json, brick));
        new Card(brick.Id)
            .Row("kind", $"{ManifestJson.NameOf(brick.Kind)}, by {manifest.Granularity}")
            .Row("parameters", Numbers.Count(brick.Parameters))
            .Row("rank", brick.Rank?.ToString(CultureInfo.InvariantCulture))
            .Row("size", Numbers.Bytes(brick.Bytes))
            .Row("changes", manifest.Slots.Count == 0 ? null : $"{manifest.Slots.Count} places, from {manifest.Slots[0]}")
            .Row("parent", manifest.Parent ?? "not said")
            .Row("content", manifest.Content)
            .Row("scores", string.Join(", ", manifest.Scores.Select(score => string.Create(CultureInfo.InvariantCulture, $"{score.Key} {score.Value:G5}"))))
            .Row("licence", manifest.Licence)
            .Row("provenance", manifest.Provenance)
            .Rows(manifest.Log)
            .Show(output);
    }

    static void Write(Utf8JsonWriter json, Brick brick)
    {
        var manifest = brick.Manifest;
        json.WriteString("id", brick.Id);
        json.WriteString("kind", ManifestJson.NameOf(brick.Kind));
        json.WriteString("granularity", manifest.Granularity);
        json.WriteNumber("parameters", brick.Parameters);
        json.WriteNumber("bytes", brick.Bytes);
        if (brick.Rank is { } rank)
            json.WriteNumber("rank", rank);
        json.WriteTexts("slots", manifest.Slots);
        json.WriteString("parent", manifest.Parent);
        json.WriteString("content", manifest.Content);
        ManifestJson.WriteScores(json, manifest);
        json.WriteString("licence", manifest.Licence);
        json.WriteString("provenance", manifest.Provenance);
        OperationJson.WriteLog(json, manifest.Log);
    }
}
