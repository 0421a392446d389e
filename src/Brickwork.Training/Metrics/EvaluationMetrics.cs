namespace Brickwork;

/// <summary>How well held-out texts were foreseen.</summary>
public sealed record EvaluationMetrics
{
    /// <summary>How many steps were done.</summary>
    public required long Step { get; init; }

    /// <summary>By domain.</summary>
    public required IReadOnlyDictionary<string, DomainMetrics> Domains { get; init; }

    /// <summary>Mean surprise in nats per token, over all domains together.</summary>
    public double Loss => Domains.Values.Sum(domain => domain.Nats) / Math.Max(1, Domains.Values.Sum(domain => domain.Tokens));

    /// <summary>The mean of the domains' bits per byte: each counts the same.</summary>
    public double BitsPerByte => Domains.Count == 0 ? double.NaN : Domains.Values.Average(domain => domain.BitsPerByte);
}

/// <summary>How well the held-out texts of a domain were foreseen.</summary>
/// <param name="Nats">Their surprise in all.</param>
/// <param name="Tokens">How many tokens were scored.</param>
/// <param name="Bytes">The UTF-8 length of the texts.</param>
public sealed record DomainMetrics(double Nats, long Tokens, long Bytes)
{
    /// <summary>Comparable between tokenizers.</summary>
    public double BitsPerByte => Nats / Math.Log(2) / Math.Max(1, Bytes);
}

/// <summary>A text the model wrote while it trained.</summary>
/// <param name="Step">How many steps were done.</param>
/// <param name="Prompt">What it began with.</param>
/// <param name="Text">What the model went on with.</param>
public sealed record SampleMetrics(long Step, string Prompt, string Text);
