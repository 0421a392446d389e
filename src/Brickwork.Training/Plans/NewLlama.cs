namespace Brickwork;

/// <summary>A Llama to be trained from random weights: sizes and how it begins.</summary>
public sealed record NewLlama
{
    /// <summary>Values in a hidden row.</summary>
    public int Width { get; init; } = 256;

    /// <summary>How many layers.</summary>
    public int Layers { get; init; } = 8;

    /// <summary>Query heads; they share the width evenly.</summary>
    public int Heads { get; init; } = 8;

    /// <summary>Heads that keep keys and values; null = as many as query heads.</summary>
    public int? KvHeads { get; init; }

    /// <summary>Neurons of a feed-forward part; null = 8/3 of the width, rounded up to a multiple of 32.</summary>
    public int? FeedForward { get; init; }

    /// <summary>Tokens a sequence may hold.</summary>
    public int Context { get; init; } = 512;

    /// <summary>Whether the head is the embedding's matrix.</summary>
    public bool TiedHead { get; init; } = true;

    /// <summary>The standard deviation of random weights; what ends a block gets 1/√(2·layers) of it (Radford et al. 2019, §2.3).</summary>
    public float Deviation { get; init; } = 0.02f;

    /// <summary>The base of the rotary positions.</summary>
    public float RopeBase { get; init; } = 10_000;

    /// <summary>ε of the norms.</summary>
    public float NormEpsilon { get; init; } = 1e-5f;

    internal int KeyHeads => KvHeads ?? Heads;

    internal int Neurons => FeedForward ?? (Width * 8 / 3 + 31) / 32 * 32;

    /// <summary>What makes no sense, each in one sentence.</summary>
    internal IEnumerable<string> Faults()
    {
        foreach (var (name, value) in ((string, int)[])[("width", Width), ("layers", Layers), ("heads", Heads), ("kvHeads", KeyHeads), ("feedForward", Neurons), ("context", Context)])
            if (value < 1)
                yield return $"'new.{name}' is {value}; expected at least 1.";
        if (Heads > 0 && Width % (2 * Heads) != 0)
            yield return $"'new.width' is {Width}; expected a multiple of twice the {Heads} heads.";
        if (KeyHeads > 0 && Heads % KeyHeads != 0)
            yield return $"'new.kvHeads' is {KeyHeads}; expected a divisor of the {Heads} heads.";
        if (Deviation is not (> 0 and < 10))
            yield return $"'new.deviation' is {Deviation}; expected a number above 0.";
    }
}
