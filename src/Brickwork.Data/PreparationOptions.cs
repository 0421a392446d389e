namespace Brickwork;

/// <summary>What happens to texts before they are learnt from.</summary>
public sealed record PreparationOptions
{
    /// <summary>Which documents are held out.</summary>
    public HeldOutSplit HeldOut { get; init; } = new();

    /// <summary>Which documents count as the same; null keeps all. They go before the split, so that none stands on both sides of it.</summary>
    public DuplicateOptions? Duplicates { get; init; } = new();

    /// <summary>How many threads tokenize; the result does not depend on it.</summary>
    public int Threads { get; init; } = 1;

    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Threads);
        HeldOut.Check();
        Duplicates?.Check();
    }
}
