using Brickwork.Tokenizers.ChatTemplates.Values;

namespace Brickwork.Tokenizers.ChatTemplates.Evaluation;

/// <summary>Runs a filter: <c>input | name(arguments)</c>.</summary>
delegate Value Filter(Value input, Arguments arguments, RenderContext context);

/// <summary>Runs a test: <c>input is name(arguments)</c>.</summary>
delegate bool Test(Value input, Arguments arguments, RenderContext context);

/// <summary>The evaluated arguments of one call.</summary>
sealed class Arguments(Value[] positional, (string Name, Value Value)[] named)
{
    public static Arguments None { get; } = new([], []);

    public Value[] Positional => positional;

    public (string Name, Value Value)[] Named => named;

    /// <summary>The arguments in the order of the names; null where one is not given. An unknown or surplus argument faults.</summary>
    public BoundArguments Bind(string function, params ReadOnlySpan<string> names)
    {
        if (positional.Length > names.Length)
            throw new TemplateFault($"{function} takes {names.Length} arguments, found {positional.Length}");
        var bound = new Value?[names.Length];
        positional.CopyTo(bound, 0);
        foreach (var (name, value) in named)
        {
            var place = names.IndexOf(name);
            if (place < 0)
                throw new TemplateFault($"{function} has no argument '{name}'");
            if (bound[place] is not null)
                throw new TemplateFault($"{function} gets its argument '{name}' twice");
            bound[place] = value;
        }
        return new BoundArguments(function, bound);
    }

    /// <summary>The one argument of a function that needs exactly one.</summary>
    public Value Single(string function) => Bind(function, "value").Required(0);
}

/// <summary>Arguments by place, with the conversions that functions ask for.</summary>
readonly struct BoundArguments(string function, Value?[] values)
{
    public Value? this[int index] => values[index] is null or UndefinedValue ? null : values[index];

    public bool IsGiven(int index) => values[index] is not null;

    public Value Required(int index) => values[index] ?? throw new TemplateFault($"{function} lacks its argument {index + 1}");

    public long Integer(int index, long fallback) => this[index] switch
    {
        null => fallback,
        IntegerValue integer => integer.Number,
        BooleanValue boolean => boolean.IsTrue ? 1 : 0,
        var other => throw Mismatch(index, "an int", other),
    };

    public bool Boolean(int index, bool fallback) => this[index]?.IsTrue ?? fallback;

    public string? Text(int index) => this[index] switch
    {
        null or NoneValue => null,
        TextValue text => text.Text,
        var other => throw Mismatch(index, "a str", other),
    };

    public string RequiredText(int index) => Required(index) is TextValue text ? text.Text : throw Mismatch(index, "a str", Required(index));

    TemplateFault Mismatch(int index, string expected, Value found) =>
        new($"{function} expects {expected} as argument {index + 1}, found a {found.TypeName}");
}
