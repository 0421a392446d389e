namespace Brickwork.Models.Loading;

/// <summary>Finds the checkpoint that a path or a name stands for.</summary>
static class CheckpointLocator
{
    const string NameKey = "general.name";

    /// <exception cref="CheckpointException">There is no such model, or it is damaged.</exception>
    public static Checkpoint Open(string? path, LoadOptions options)
    {
        var name = path ?? EmbeddedModels.Default;
        if (path is not null && ModelFolder.Locate(name) is { } place)
            return OpenFiles(place, options.TokenizerPath);
        return EmbeddedModels.TryOpen(name) ?? throw new CheckpointException(
            $"The model '{name}' was not found: there is no such file or folder, none of that name in {ModelFolder.Path}, and the embedded models are {string.Join(", ", EmbeddedModels.Names)}.",
            "List what there is: brick models");
    }

    /// <summary>Opens a model that was called otherwise when a log was written: its name may stand in what is made of it.</summary>
    /// <inheritdoc cref="Open(string?, LoadOptions)" path="/exception"/>
    public static Checkpoint Open(string path, string name, LoadOptions options)
    {
        var checkpoint = Open(path, options);
        switch (checkpoint)
        {
            case HuggingFaceCheckpoint:
                checkpoint.Metadata.Set(NameKey, Path.GetFileName(Path.TrimEndingDirectorySeparator(name)));
                break;
            case Llama2CCheckpoint:
                checkpoint.Metadata.Set(NameKey, Path.GetFileNameWithoutExtension(name));
                break;
        }
        return checkpoint;
    }

    static Checkpoint OpenFiles(string place, string? tokenizerPath) => CheckpointFile.Detect(place) == ModelFormat.HuggingFace
        ? HuggingFaceCheckpoint.OpenFolder(place)
        : CheckpointFile.Open(place, tokenizerPath);
}
