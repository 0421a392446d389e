namespace Brickwork;

/// <summary>A file that keeps quantized weights in the layout in which they multiply: the next start maps it instead of laying them out.</summary>
/// <remarks>
/// Loading writes the file where there is no valid one. Processes that map it share its memory. What is read from it is checked when it is
/// first used; a file that is damaged, or belongs to another model or version, is a warning and is written anew by the next load, and one
/// that cannot be written is a warning too. Models whose weights have no layout of their own, and models that are not in files, have none.
/// </remarks>
public sealed record RepackCache
{
    /// <summary>The file; null = beside the model: <c>MODEL.gguf.panels</c>, or <c>model.panels</c> inside a folder.</summary>
    public string? Path { get; init; }

    /// <summary>Told how far the file is written; null = nobody is.</summary>
    public IProgress<PreparationProgress>? Progress { get; init; }

    /// <summary>Told, on the thread that notices it, why a file is not used or not written; null = nobody is.</summary>
    public Action<string>? Warn { get; init; }
}

/// <summary>How far the weights of a model are laid out.</summary>
/// <param name="DoneBytes">Of the new layout.</param>
/// <param name="TotalBytes">What it will be in the end.</param>
public readonly record struct PreparationProgress(long DoneBytes, long TotalBytes);
