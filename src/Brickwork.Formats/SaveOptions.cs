namespace Brickwork;

/// <summary>What to do where the output already exists.</summary>
public enum ExistingFiles
{
    /// <summary>Raise an error and leave it as it is.</summary>
    Refuse,

    /// <summary>Replace it, in one step, once the new one is complete.</summary>
    Replace,
}

/// <summary>How a checkpoint is written.</summary>
public sealed record SaveOptions
{
    /// <summary>What to do where the output already exists.</summary>
    public ExistingFiles Existing { get; init; } = ExistingFiles.Refuse;

    /// <summary>The most tensor bytes per file, or null for a single file; a tensor larger than that gets a file of its own.</summary>
    public long? MaxFileBytes { get; init; }
}
