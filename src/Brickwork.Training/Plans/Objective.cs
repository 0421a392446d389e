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

/// <summary>Which way a student is held against its teacher.</summary>
public enum DistillationKind
{
    /// <summary>The student covers all that the teacher may say (Hinton, Vinyals and Dean 2015).</summary>
    ForwardKl,

    /// <summary>The student says nothing that the teacher would not (Gu et al. 2023).</summary>
    ReverseKl,
}

/// <summary>The distance of the logits from those of a larger model with the same vocabulary.</summary>
public sealed record DistillationObjective : Objective
{
    /// <summary>The larger model: a file, a folder or a name.</summary>
    public required string Teacher { get; init; }

    /// <summary>Which way the distance is taken.</summary>
    public DistillationKind Kind { get; init; }

    /// <summary>What logits of both are divided by; the loss is multiplied by its square, so that gradients keep their size.</summary>
    public float Temperature { get; init; } = 2;

    /// <summary>How much of the loss is the surprise at the text, from 0 to 1; the rest is the distance.</summary>
    public float TextShare { get; init; } = 0.5f;

    internal override IEnumerable<string> Faults()
    {
        if (Temperature is not (> 0 and < 1000))
            yield return $"'objective.temperature' is {Temperature}; expected a number above 0.";
        if (TextShare is not (>= 0 and <= 1))
            yield return $"'objective.textShare' is {TextShare}; expected a share from 0 to 1.";
    }
}
