namespace Brickwork.Kernels.Attention;

/// <summary>The form of an attention: H query heads share G key-value heads, H a multiple of G.</summary>
sealed record AttentionOptions
{
    /// <summary>Query heads.</summary>
    public required int Heads { get; init; }

    /// <summary>Key-value heads. Query head h uses key-value head h · KvHeads / Heads.</summary>
    public required int KvHeads { get; init; }

    /// <summary>Values of a query and of a key.</summary>
    public required int KeyWidth { get; init; }

    /// <summary>Values of a value row; often equal to <see cref="KeyWidth"/>.</summary>
    public required int ValueWidth { get; init; }

    /// <summary>What q · k is multiplied with; often 1/√KeyWidth.</summary>
    public required float Scale { get; init; }

    /// <summary>Scores become cap · tanh(score / cap); 0 = not.</summary>
    public float SoftCap { get; init; }

    /// <summary>[H] each score loses slope · distance, or null.</summary>
    public float[]? AlibiSlopes { get; init; }

    /// <summary>[H] a further logit in the softmax that draws attention to nothing, or null. From gpt-oss.</summary>
    public float[]? Sinks { get; init; }

    public AttentionMask Mask { get; init; } = AttentionMask.Causal;

    /// <summary>Query heads that share a key-value head.</summary>
    public int Group => Heads / KvHeads;

    /// <summary>The slopes of Press et al. 2022: a geometric series, and a second one where the heads are no power of two.</summary>
    public static float[] AlibiSlopesFor(int heads, double largestBias = 8)
    {
        var power = 1 << (int)Math.Floor(Math.Log2(heads));
        var first = Math.Pow(2, -largestBias / power);
        var second = Math.Pow(2, -largestBias / 2 / power);
        return [.. Enumerable.Range(0, heads).Select(head =>
            (float)(head < power ? Math.Pow(first, head + 1) : Math.Pow(second, 2 * (head - power) + 1)))];
    }

    /// <summary>Throws where the numbers contradict each other.</summary>
    public void Validate()
    {
        if (Heads < 1 || KvHeads < 1 || Heads % KvHeads != 0 || KeyWidth < 1 || ValueWidth < 1)
            throw new ArgumentException(
                $"{Heads} query heads cannot share {KvHeads} key-value heads of widths {KeyWidth} and {ValueWidth}.");
        if (AlibiSlopes is { } slopes && slopes.Length != Heads)
            throw new ArgumentException($"{Heads} heads need as many slopes; found {slopes.Length}.");
        if (Sinks is { } sinks && sinks.Length != Heads)
            throw new ArgumentException($"{Heads} heads need as many sinks; found {sinks.Length}.");
    }
}
