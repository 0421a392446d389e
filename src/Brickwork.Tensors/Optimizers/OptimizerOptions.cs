using System.IO.Enumeration;

namespace Brickwork;

/// <summary>How weights follow their gradients; each kind of optimizer has options of its own.</summary>
public abstract record OptimizerOptions
{
    /// <summary>λ: at a learning rate η, decayed weights shrink by η·λ per step.</summary>
    public float WeightDecay { get; init; } = 0.1f;

    /// <summary>Names of parameters that do not decay, such as <c>token_embd.*</c>; norms, biases and other vectors never do.</summary>
    public IReadOnlyList<string> WithoutDecay { get; init; } = [];

    internal abstract Optimizer Create(Compute compute, IReadOnlyList<Parameter> parameters);

    internal float DecayOf(Parameter parameter) =>
        parameter.Value.Rows > 1 && !Matches(WithoutDecay, parameter.Name) ? WeightDecay : 0;

    /// <summary>Whether one of the patterns, in which * stands for anything, is the name.</summary>
    internal static bool Matches(IReadOnlyList<string> patterns, string name) =>
        patterns.Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false));
}
