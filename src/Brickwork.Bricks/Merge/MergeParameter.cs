namespace Brickwork.Bricks.Merge;

/// <summary>A number that a method takes; truth values are 1 and 0.</summary>
/// <param name="Name">As in recipes.</param>
/// <param name="Default">null = it must be given.</param>
/// <param name="Least">The least value that makes sense.</param>
/// <param name="Most">The most.</param>
sealed record MergeParameter(string Name, double? Default, double Least = double.NegativeInfinity, double Most = double.PositiveInfinity)
{
    public static MergeParameter Flag(string name, bool value) => new(name, value ? 1 : 0, 0, 1);

    public static MergeParameter Weight { get; } = new("weight", null);

    public static MergeParameter Density { get; } = new("density", 1, 0, 1);
}

/// <summary>The parameters of a method with their values for one tensor.</summary>
sealed class ParameterValues
{
    readonly Dictionary<string, double> _values = new(StringComparer.Ordinal);

    public static ParameterValues None { get; } = new();

    public double this[string name] => _values.TryGetValue(name, out var value) ? value : throw new InvalidOperationException($"The parameter '{name}' was not resolved.");

    public bool Flag(string name) => this[name] != 0;

    public ParameterValues Set(string name, double value)
    {
        _values[name] = value;
        return this;
    }

    /// <summary>The same but for one value.</summary>
    public ParameterValues With(string name, double value)
    {
        var copy = new ParameterValues();
        foreach (var (known, other) in _values)
            copy.Set(known, other);
        return copy.Set(name, value);
    }

    /// <summary>The defaults, for tests and for what no recipe mentions.</summary>
    public static ParameterValues Defaults(IEnumerable<MergeParameter> parameters)
    {
        var values = new ParameterValues();
        foreach (var parameter in parameters)
            if (parameter.Default is { } value)
                values.Set(parameter.Name, value);
        return values;
    }

    public override string ToString() => string.Join(", ", _values.Select(entry => $"{entry.Key} {entry.Value:G6}"));
}
