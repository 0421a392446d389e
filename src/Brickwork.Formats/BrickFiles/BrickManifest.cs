namespace Brickwork;

/// <summary>What a brick says about itself; it stands in the header of its file.</summary>
public sealed record BrickManifest
{
    /// <summary>The name under which it is plugged and unplugged.</summary>
    public required string Id { get; init; }

    /// <summary>What it does.</summary>
    public required BrickKind Kind { get; init; }

    /// <summary>What it is made of: <c>neuron</c>, <c>matrix</c>, <c>layer</c> or <c>model</c>.</summary>
    public string Granularity { get; init; } = "matrix";

    /// <summary>The tensors or slots of the model that it changes.</summary>
    public IReadOnlyList<string> Slots { get; init; } = [];

    /// <summary>The bricks it works on, by id; none but for a fusion.</summary>
    public IReadOnlyList<string> Members { get; init; } = [];

    /// <summary>The hash of the model it was made for; null = unknown.</summary>
    public string? Parent { get; init; }

    /// <summary>The hash of its tensors; null before it was written.</summary>
    public string? Content { get; init; }

    /// <summary>How it came to be: each operation after those whose results it read.</summary>
    public IReadOnlyList<LoggedOperation> Log { get; init; } = [];

    /// <summary>What was measured of it, by name.</summary>
    public IReadOnlyDictionary<string, double> Scores { get; init; } = new Dictionary<string, double>();

    /// <summary>Under which terms it may be used; null = not said.</summary>
    public string? Licence { get; init; }

    /// <summary>Where it comes from: data, people, tools; null = not said.</summary>
    public string? Provenance { get; init; }
}
