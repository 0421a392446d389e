namespace Brickwork.Formats.BrickFiles;

/// <summary>A brick as one safetensors file whose header holds its manifest.</summary>
static class BrickFile
{
    /// <summary>The key of the manifest among the texts of the header.</summary>
    public const string ManifestKey = "brick";

    /// <summary>Reads a brick and holds its tensors against the hash it names.</summary>
    /// <exception cref="CheckpointException">The file is damaged, is no brick, or its tensors have changed.</exception>
    public static StoredBrick Read(string path)
    {
        using var file = SafetensorsCheckpoint.OpenFile(path);
        var manifest = FindManifest(file) ?? throw new CheckpointException(
            $"{path} is a safetensors file without a '{ManifestKey}' entry in its header; expected a brick.", "A PEFT adapter is a folder: name the folder that holds adapter_config.json.");
        var tensors = StoredBrick.Copy(file);
        if (tensors.Keys.FirstOrDefault(name => BrickTensors.Split(name) is null) is { } unknown)
            throw new CheckpointException($"Tensor '{unknown}' in {path} has a name that says nothing; expected TENSOR.lora_a and the like.", "The writer of the file is at fault, or it is of a later version.");
        if (tensors.FirstOrDefault(entry => entry.Value.Shape.Count != 1 && BrickTensors.Split(entry.Key) is (_, BrickTensors.LoraFactor)) is { Key: { } factor, Value.Shape: var shape })
            throw new CheckpointException($"Tensor '{factor}' in {path} is {shape}; expected one value.", "The writer of the file is at fault, or it is damaged.");
        var hash = StoredBrick.ContentHash(tensors);
        return manifest.Content == hash ? new StoredBrick(manifest, tensors) : throw new CheckpointException(
            $"The tensors in {path} have the hash {hash[..12]}…; its manifest says {manifest.Content?[..Math.Min(12, manifest.Content.Length)] ?? "nothing"}…", "The file was changed or damaged: get it again.");
    }

    /// <summary>The manifest in the header of a file; null where there is none.</summary>
    /// <exception cref="CheckpointException">It is no manifest.</exception>
    public static BrickManifest? FindManifest(Checkpoint file) => file.Metadata.TryText(ManifestKey) is { } text ? ManifestJson.Read(text, file.Source) : null;

    /// <summary>Writes a brick; the file appears when it is complete.</summary>
    /// <returns>The manifest with the hash of what was written.</returns>
    /// <exception cref="CheckpointException">The file exists and may not be replaced, or cannot be written.</exception>
    public static BrickManifest Write(string path, StoredBrick brick, SaveOptions? options = null)
    {
        var manifest = brick.Manifest with { Content = StoredBrick.ContentHash(brick.Tensors) };
        var texts = new Dictionary<string, string> { ["format"] = "pt", [ManifestKey] = ManifestJson.Write(manifest) };
        using var writer = SafetensorsWriter.Create(path, texts, [.. brick.Tensors.Select(entry => new TensorInfo(entry.Key, entry.Value.Type, entry.Value.Shape))], options);
        foreach (var (name, tensor) in brick.Tensors)
            writer.Write(name, tensor);
        writer.Complete();
        return manifest;
    }
}
