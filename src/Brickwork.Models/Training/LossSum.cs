namespace Brickwork;

/// <summary>Losses of some tokens, added up.</summary>
/// <param name="Nats">The sum.</param>
/// <param name="Tokens">How many tokens were scored.</param>
public readonly record struct LossSum(double Nats, long Tokens)
{
    /// <summary>Nats per token; 0 where none was scored.</summary>
    public double Mean => Tokens == 0 ? 0 : Nats / Tokens;

    /// <summary>Both together.</summary>
    public static LossSum operator +(LossSum a, LossSum b) => a.Add(b);

    /// <summary>Both together.</summary>
    public LossSum Add(LossSum other) => new(Nats + other.Nats, Tokens + other.Tokens);
}
