namespace Brickwork.Models.Loading;

/// <summary>Finds the checkpoint that a path or a name stands for.</summary>
static class CheckpointLocator
{
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

    static Checkpoint OpenFiles(string place, string? tokenizerPath) => CheckpointFile.Detect(place) == ModelFormat.HuggingFace
        ? HuggingFaceCheckpoint.OpenFolder(place)
        : CheckpointFile.Open(place, tokenizerPath);
}
