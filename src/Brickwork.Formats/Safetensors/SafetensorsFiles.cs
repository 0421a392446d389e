using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Brickwork.Formats.Reading;

namespace Brickwork.Formats.Safetensors;

/// <summary>Finds the files that together are one safetensors checkpoint.</summary>
/// <param name="Paths">The files, in order.</param>
/// <param name="Index">Tensor → file name as the index says, or null where there is no index.</param>
sealed partial record SafetensorsFiles(IReadOnlyList<string> Paths, IReadOnlyDictionary<string, string>? Index)
{
    public const string Extension = ".safetensors";
    public const string IndexExtension = ".safetensors.index.json";
    const string DefaultName = "model";

    public static string ShardPath(string prefix, int index, int count) => $"{prefix}-{index + 1:d5}-of-{count:d5}{Extension}";

    /// <summary>Files for a path that names a file, an index, one shard of many, or a folder.</summary>
    public static SafetensorsFiles Find(string path)
    {
        if (Directory.Exists(path))
            return InFolder(path) ?? throw new CheckpointException($"The folder {path} holds no {Extension} file.", "Name the folder a model was downloaded to.");
        if (path.EndsWith(IndexExtension, StringComparison.OrdinalIgnoreCase))
            return FromIndex(path);
        return Shards(path) ?? new SafetensorsFiles([path], null);
    }

    /// <summary>The checkpoint of a folder: its index, else <c>model.safetensors</c>, else the only file or set of shards; null where there is none.</summary>
    public static SafetensorsFiles? InFolder(string folder)
    {
        var index = Path.Combine(folder, DefaultName + IndexExtension);
        if (File.Exists(index))
            return FromIndex(index);
        var single = Path.Combine(folder, DefaultName + Extension);
        if (File.Exists(single))
            return new SafetensorsFiles([single], null);
        var found = Directory.GetFiles(folder, "*" + Extension).Order(StringComparer.Ordinal).ToArray();
        if (found.Length == 0)
            return null;
        var files = Shards(found[0]) ?? new SafetensorsFiles([found[0]], null);
        return found.Except(files.Paths).FirstOrDefault() is not { } other ? files : throw new CheckpointException(
            $"The folder {folder} holds {found[0]} and {other}, and no index that says which are the model.", "Name one of the files.");
    }

    static SafetensorsFiles? Shards(string path)
    {
        var name = ShardName().Match(path);
        if (!name.Success || int.Parse(name.Groups["count"].ValueSpan, CultureInfo.InvariantCulture) is var count && count < 2)
            return null;
        var paths = Enumerable.Range(0, count).Select(index => ShardPath(name.Groups["prefix"].Value, index, count)).ToArray();
        return paths.FirstOrDefault(shard => !File.Exists(shard)) is not { } missing ? new SafetensorsFiles(paths, null)
            : throw new CheckpointException($"{missing} is missing: {path} is one of {count} shards.", "Download the missing shard into the same folder.");
    }

    static SafetensorsFiles FromIndex(string path)
    {
        using var index = JsonFile.Read(path, JsonFile.SmallFile);
        if (index.RootElement.ValueKind != JsonValueKind.Object || !index.RootElement.TryGetProperty("weight_map", out var map) || map.ValueKind != JsonValueKind.Object)
            throw new CheckpointException($"{path} has no weight_map; expected an object of tensor name → file name.", "Download the index again.");
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in map.EnumerateObject())
            files[entry.Name] = FileName(entry, path);
        var folder = Path.GetDirectoryName(path) ?? "";
        var paths = files.Values.Distinct().Order(StringComparer.Ordinal).Select(name => Path.Combine(folder, name)).ToArray();
        if (paths.FirstOrDefault(shard => !File.Exists(shard)) is { } missing)
            throw new CheckpointException($"{missing} is missing: {path} names it.", "Download the missing file into the same folder.");
        return new SafetensorsFiles(paths, files);
    }

    // A name with a folder in it could reach anywhere on the disk.
    static string FileName(JsonProperty entry, string path) =>
        entry.Value.ValueKind == JsonValueKind.String && entry.Value.GetString() is { Length: > 0 } name && name.IndexOfAny(['/', '\\', '\0', ':']) < 0 && name is not ("." or "..")
            ? name
            : throw new CheckpointException($"{path} puts tensor '{entry.Name}' into {entry.Value.GetRawText()}; expected the name of a file beside it.", "Download the index again.");

    [GeneratedRegex(@"^(?<prefix>.+)-(?<index>[0-9]{5})-of-(?<count>[0-9]{5})\.safetensors$", RegexOptions.CultureInvariant)]
    private static partial Regex ShardName();
}
