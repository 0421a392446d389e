using Brickwork.Tokenizers.ChatTemplates.Evaluation;

namespace Brickwork.Tokenizers.ChatTemplates.Values;

/// <summary>A value of the template language, which follows Python.</summary>
abstract class Value
{
    /// <summary>The name Python gives to the type; error messages use it.</summary>
    public abstract string TypeName { get; }

    /// <summary>How the value counts in a condition.</summary>
    public abstract bool IsTrue { get; }

    public static Value Of(bool value) => value ? BooleanValue.True : BooleanValue.False;

    public static Value Of(long value) => new IntegerValue(value);

    public static Value Of(string value) => new TextValue(value);
}

/// <summary>The value of a name that nobody set: prints as nothing, and faults where something is asked of it.</summary>
sealed class UndefinedValue(string description) : Value
{
    /// <summary>What was looked for, for the error message: <c>'tools' is undefined</c>.</summary>
    public string Description => description;

    public override string TypeName => "Undefined";

    public override bool IsTrue => false;
}

sealed class NoneValue : Value
{
    public static NoneValue Instance { get; } = new();

    public override string TypeName => "NoneType";

    public override bool IsTrue => false;
}

sealed class BooleanValue : Value
{
    public static BooleanValue True { get; } = new();

    public static BooleanValue False { get; } = new();

    public override string TypeName => "bool";

    public override bool IsTrue => this == True;
}

sealed class IntegerValue(long number) : Value
{
    public long Number => number;

    public override string TypeName => "int";

    public override bool IsTrue => number != 0;
}

sealed class FloatValue(double number) : Value
{
    public double Number => number;

    public override string TypeName => "float";

    public override bool IsTrue => number != 0;
}

sealed class TextValue(string text) : Value
{
    public string Text => text;

    public override string TypeName => "str";

    public override bool IsTrue => text.Length > 0;
}

/// <summary>A function, a method bound to its value, or a macro.</summary>
sealed class CallableValue(string name, Func<Arguments, RenderContext, Value> run) : Value
{
    public string Name => name;

    public Func<Arguments, RenderContext, Value> Run => run;

    public override string TypeName => "function";

    public override bool IsTrue => true;
}
