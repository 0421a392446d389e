namespace Brickwork;

/// <summary>When two documents count as the same text.</summary>
public sealed record DuplicateOptions
{
    /// <summary>The estimated Jaccard similarity of their shingles from which on the later one goes.</summary>
    public double Threshold { get; init; } = 0.8;

    /// <summary>The words in a shingle.</summary>
    public int ShingleWords { get; init; } = 5;

    /// <summary>Groups of numbers that are compared as a whole; more of them find less similar pairs.</summary>
    public int Bands { get; init; } = 16;

    /// <summary>Numbers in a band; a signature has <see cref="Bands"/> × <see cref="Rows"/>.</summary>
    public int Rows { get; init; } = 4;

    /// <summary>Chooses the hash functions.</summary>
    public long Seed { get; init; }

    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(ShingleWords);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Bands);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Rows);
        if (Threshold is not (> 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(Threshold), Threshold, "A similarity is greater than 0 and at most 1.");
    }
}
