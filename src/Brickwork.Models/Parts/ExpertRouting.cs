namespace Brickwork.Models.Parts;

/// <summary>How router logits become scores.</summary>
enum ExpertGate
{
    /// <summary>Softmax over all experts, then the best are taken.</summary>
    Softmax,

    /// <summary>A sigmoid for each expert.</summary>
    Sigmoid,

    /// <summary>The best are taken, then a softmax over those.</summary>
    SoftmaxOfChosen,
}

/// <summary>Which experts a row goes to, and with what weight.</summary>
sealed partial record ExpertRouting
{
    // Published models have a few hundred; a file may claim more than a stack holds.
    const int MostOnStack = 1024;

    // The smallest normal half: what the reference engine divides by at least.
    const float LeastSum = 6.103515625e-5f;

    /// <summary>How many experts each row uses.</summary>
    public required int Used { get; init; }

    public ExpertGate Gate { get; init; } = ExpertGate.Softmax;

    /// <summary>Whether the weights of the chosen are divided by their sum.</summary>
    public bool Normalize { get; init; } = true;

    /// <summary>A factor on the weights.</summary>
    public float Scale { get; init; } = 1;

    /// <summary>[E], added to the scores for choosing only; null = none.</summary>
    public Tensor? ChoiceBias { get; init; }

    /// <summary>Experts fall into this many groups; only experts of the best groups may be chosen.</summary>
    public int Groups { get; init; } = 1;

    /// <summary>How many groups may be chosen from.</summary>
    public int UsedGroups { get; init; } = 1;

    /// <summary>Whether the weight multiplies what goes into the expert rather than what comes out.</summary>
    public bool WeightsInput { get; init; }

    /// <summary>Chooses the experts of one row, best first; ties go to the lower index.</summary>
    /// <param name="logits">[E]; overwritten by the scores.</param>
    /// <param name="experts">[Used], the chosen.</param>
    /// <param name="weights">[Used], their weights.</param>
    public void Choose(Span<float> logits, Span<int> experts, Span<float> weights)
    {
        Score(logits);
        Span<float> choice = logits.Length <= MostOnStack ? stackalloc float[logits.Length] : new float[logits.Length];
        logits.CopyTo(choice);
        if (ChoiceBias is { } bias)
            for (var expert = 0; expert < choice.Length; expert++)
                choice[expert] += bias.Floats[expert];
        if (Groups > 1 && UsedGroups < Groups)
            DropWeakGroups(choice);
        for (var rank = 0; rank < Used; rank++)
        {
            var best = IndexOfLargest(choice);
            experts[rank] = best;
            weights[rank] = logits[best];
            choice[best] = float.NegativeInfinity;
        }
        Weigh(weights);
    }

    void Score(Span<float> logits)
    {
        if (Gate == ExpertGate.Softmax)
            Softmax(logits);
        else if (Gate == ExpertGate.Sigmoid)
            foreach (ref var logit in logits)
                logit = 1 / (1 + MathF.Exp(-logit));
    }

    void Weigh(Span<float> weights)
    {
        if (Gate == ExpertGate.SoftmaxOfChosen)
            Softmax(weights);
        else if (Normalize)
        {
            var sum = 0f;
            foreach (var weight in weights)
                sum += weight;
            foreach (ref var weight in weights)
                weight /= Math.Max(sum, LeastSum);
        }
        foreach (ref var weight in weights)
            weight *= Scale;
    }

    /// <summary>Keeps the groups whose two best experts score highest together (DeepSeek-V3, section 2.1.2).</summary>
    void DropWeakGroups(Span<float> choice)
    {
        var size = choice.Length / Groups;
        Span<float> strength = Groups <= MostOnStack ? stackalloc float[Groups] : new float[Groups];
        for (var group = 0; group < Groups; group++)
        {
            float best = float.NegativeInfinity, second = float.NegativeInfinity;
            foreach (var score in choice.Slice(group * size, size))
                (best, second) = score > best ? (score, best) : (best, Math.Max(second, score));
            strength[group] = best + second;
        }
        for (var dropped = UsedGroups; dropped < Groups; dropped++)
        {
            var weakest = 0;
            for (var group = 1; group < Groups; group++)
                if (strength[group] <= strength[weakest])
                    weakest = group;
            strength[weakest] = float.PositiveInfinity;
            choice.Slice(weakest * size, size).Fill(float.NegativeInfinity);
        }
    }

    static void Softmax(Span<float> values)
    {
        var largest = float.NegativeInfinity;
        foreach (var value in values)
            largest = Math.Max(largest, value);
        var sum = 0f;
        foreach (ref var value in values)
            sum += value = MathF.Exp(value - largest);
        foreach (ref var value in values)
            value /= sum;
    }

    static int IndexOfLargest(ReadOnlySpan<float> values)
    {
        var best = 0;
        for (var index = 1; index < values.Length; index++)
            if (values[index] > values[best])
                best = index;
        return best;
    }
}
