namespace Brickwork;

/// <summary>What training makes small.</summary>
public abstract record Objective
{
    internal abstract IEnumerable<string> Faults();
}

/// <summary>The surprise at the next token of the text.</summary>
public sealed record CrossEntropyObjective : Objective
{
    internal override IEnumerable<string> Faults() => [];
}
