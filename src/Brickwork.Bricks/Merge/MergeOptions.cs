namespace Brickwork;

/// <summary>How a recipe is carried out.</summary>
public sealed record MergeOptions
{
    /// <summary>Whose arithmetic is followed where tools differ.</summary>
    public MergeDialect Dialect { get; init; } = MergeDialect.Mergekit;

    /// <summary>Whether known defects of that tool are reproduced; otherwise they are refused or put right.</summary>
    public bool StrictCompatibility { get; init; }

    /// <summary>Whether bricks may be merged with each other, or into a model, that were made for models of other hashes, such as the same one before it was quantized.</summary>
    public bool AnyParent { get; init; }

    /// <summary>A file or folder of texts for models without one of their own in the recipe; null = none. Only some methods look at texts.</summary>
    public string? Texts { get; init; }

    /// <summary>Decides what random methods drop; null = what the recipe says, or 0.</summary>
    public long? Seed { get; init; }

    /// <summary>Threads that work; null = one per processor. Their number changes no result.</summary>
    public int? Threads { get; init; }

    /// <summary>Whether an existing output is replaced, in one step, once the new one is complete.</summary>
    public bool Overwrite { get; init; }

    /// <summary>The most tensor bytes per file; null = one file.</summary>
    public long? MaxFileBytes { get; init; }

    /// <summary>Called after each tensor with the bytes done and in all.</summary>
    public Action<long, long>? Progress { get; init; }

    /// <summary>What the log says was done; null = this merge.</summary>
    internal LoggedOperation? Operation { get; init; }

    /// <summary>Where models are that the recipe calls by other names.</summary>
    internal IReadOnlyDictionary<string, string> Places { get; init; } = new Dictionary<string, string>();

    /// <summary>Stops between two tensors; nothing is left behind.</summary>
    public CancellationToken CancellationToken { get; init; }
}
