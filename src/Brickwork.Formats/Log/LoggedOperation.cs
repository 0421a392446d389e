using Brickwork.Formats.Log;

namespace Brickwork;

/// <summary>One operation that made a model or a brick: what was done, how, and of what. It stands in the log of what it made.</summary>
public sealed record LoggedOperation
{
    /// <summary>What was done: <c>convert</c>, <c>quantize</c>, <c>merge</c>, <c>plug</c>, <c>train</c> and so on.</summary>
    public required string Name { get; init; }

    /// <summary>The version of Brickwork that did it.</summary>
    public string Version { get; init; } = OperationLog.Version;

    /// <summary>How, by name.</summary>
    public IReadOnlyDictionary<string, string> Arguments { get; init; } = new Dictionary<string, string>();

    /// <summary>Of what, in the order in which it was read.</summary>
    public IReadOnlyList<LoggedInput> Inputs { get; init; } = [];

    /// <summary>What chance followed from; null where there was none.</summary>
    public long? Seed { get; init; }

    /// <summary>The hash of what it made; null in the log of that itself, which cannot hold its own hash.</summary>
    public string? Output { get; init; }

    /// <summary>Whether the other says the same.</summary>
    public bool Equals(LoggedOperation? other) => other is not null && ToString() == other.ToString();

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(ToString());

    /// <summary>One line of JSON.</summary>
    public override string ToString() => OperationJson.Line(this);

    /// <summary>Arguments in the order given, without those that are null.</summary>
    internal static IReadOnlyDictionary<string, string> Given(params ReadOnlySpan<(string Name, string? Value)> arguments)
    {
        var given = new OrderedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in arguments)
            if (value is not null)
                given[name] = value;
        return given;
    }
}

/// <summary>Something that an operation read.</summary>
/// <param name="Role">What it was to the operation: <c>model</c>, <c>brick</c>, <c>importance</c> and so on.</param>
/// <param name="Name">What it was called; it is found again by its hash.</param>
/// <param name="Hash">SHA-256 of the file, or of what <c>sha256sum</c> prints for the files of a folder in the order of their names; null where it was in memory only.</param>
/// <param name="Bytes">Bytes of those files.</param>
public sealed record LoggedInput(string Role, string Name, string? Hash, long Bytes);
