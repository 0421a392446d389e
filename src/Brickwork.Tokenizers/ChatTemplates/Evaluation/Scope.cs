using Brickwork.Tokenizers.ChatTemplates.Values;

namespace Brickwork.Tokenizers.ChatTemplates.Evaluation;

/// <summary>Variables of one block; what it lacks it asks from the block around it.</summary>
sealed class Scope(Scope? outer)
{
    readonly Dictionary<string, Value> _variables = [];

    public void Set(string name, Value value) => _variables[name] = value;

    public Value Get(string name)
    {
        for (var scope = this; scope is not null; scope = scope.Outer)
            if (scope._variables.TryGetValue(name, out var value)) return value;
        return new UndefinedValue($"'{name}' is undefined");
    }

    Scope? Outer => outer;
}
