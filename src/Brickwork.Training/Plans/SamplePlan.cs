namespace Brickwork;

/// <summary>Texts the model writes while it trains, to look at.</summary>
public sealed record SamplePlan
{
    /// <summary>Steps from one sample to the next; 0 = only at the end.</summary>
    public long Every { get; init; } = 200;

    /// <summary>What the samples begin with; empty = the beginnings of texts, held-out ones where there are some.</summary>
    public IReadOnlyList<string> Prompts { get; init; } = [];

    /// <summary>Tokens per sample; 0 = no samples.</summary>
    public int Tokens { get; init; } = 48;

    /// <summary>0 = always the likeliest token.</summary>
    public float Temperature { get; init; } = 0.7f;
}
