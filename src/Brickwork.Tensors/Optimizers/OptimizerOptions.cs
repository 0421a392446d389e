using System.IO.Enumeration;

namespace Brickwork;

/// <summary>How weights follow their gradients; each kind of optimizer has options of its own.</summary>
public abstract record OptimizerOptions
{
    /// <summary>λ: at a learning rate η, decayed weights shrink by η·λ per step.</summary>
    public float WeightDecay { get; init; } = 0.1f;

    /// <summary>Names of parameters that do not decay, such as <c>token_embd.*</c>; norms, biases and other vectors never do.</summary>
    public IReadOnlyList<string> WithoutDecay { get; init; } = [];

    /// <summary>How moments are stored: F32, or BF16 in half the memory, rounded up or down by chance.</summary>
    public DType MomentType { get; init; } = DType.F32;

    internal abstract Optimizer Create(Compute compute, IReadOnlyList<Parameter> parameters);

    /// <summary>What makes no sense, each in one sentence.</summary>
    internal virtual IEnumerable<string> Faults()
    {
        if (WeightDecay is not (>= 0 and < 1000))
            yield return $"'optimizer.weightDecay' is {WeightDecay}; expected 0 or more.";
        if (MomentType is not (DType.F32 or DType.BF16))
            yield return $"'optimizer.moments' is {MomentType}; expected F32 or BF16.";
        if (MomentType != DType.F32 && this is GaLoreOptions or MezoOptions)
            yield return $"'optimizer.moments' is {MomentType}, but this optimizer has few or none; expected F32.";
    }

    private protected static IEnumerable<string> ShareFaults(params (string Name, float Value)[] shares) =>
        shares.Where(share => share.Value is not (>= 0 and < 1)).Select(share => $"'optimizer.{share.Name}' is {share.Value}; expected a share from 0 to less than 1.");

    internal float DecayOf(Parameter parameter) =>
        parameter.Value.Rows > 1 && !Matches(WithoutDecay, parameter.Name) ? WeightDecay : 0;

    /// <summary>Whether a parameter is a matrix that none of the patterns names.</summary>
    private protected static bool IsMatrix(Parameter parameter, IReadOnlyList<string> except) =>
        parameter.Value.Shape.Rank == 2 && parameter.Value.Rows > 1 && !Matches(except, parameter.Name);

    /// <summary>Whether one of the patterns, in which * stands for anything, is the name.</summary>
    internal static bool Matches(IReadOnlyList<string> patterns, string name) =>
        patterns.Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false));
}
