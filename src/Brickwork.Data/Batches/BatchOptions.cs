namespace Brickwork;

/// <summary>How tokens become batches.</summary>
public sealed record BatchOptions
{
    /// <summary>Tokens in a sequence.</summary>
    public required int Length { get; init; }

    /// <summary>Sequences in a batch.</summary>
    public required int Sequences { get; init; }

    /// <summary>Another seed gives another order.</summary>
    public long Seed { get; init; }

    /// <summary>How often each domain is read, in any unit; a domain that is not named is left out. Null reads every domain as often as it has tokens.</summary>
    public IReadOnlyDictionary<string, double>? Weights { get; init; }
}
