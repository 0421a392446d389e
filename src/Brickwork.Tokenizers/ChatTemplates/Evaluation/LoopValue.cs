using Brickwork.Tokenizers.ChatTemplates.Values;

namespace Brickwork.Tokenizers.ChatTemplates.Evaluation;

/// <summary>The variable <c>loop</c> inside a for block.</summary>
sealed class LoopValue(List<Value> items) : Value
{
    Value[]? _lastChecked;

    /// <summary>Place of the current item, from zero.</summary>
    public int Index { get; set; }

    public override string TypeName => "loop";

    public override bool IsTrue => true;

    public Value? Attribute(string name) => name switch
    {
        "index" => Of(Index + 1),
        "index0" => Of(Index),
        "revindex" => Of(items.Count - Index),
        "revindex0" => Of(items.Count - Index - 1),
        "first" => Of(Index == 0),
        "last" => Of(Index == items.Count - 1),
        "length" => Of(items.Count),
        "depth" => Of(1),
        "depth0" => Of(0),
        "previtem" => Index > 0 ? items[Index - 1] : new UndefinedValue("there is no previous item"),
        "nextitem" => Index + 1 < items.Count ? items[Index + 1] : new UndefinedValue("there is no next item"),
        "cycle" => new CallableValue("cycle", (arguments, _) => Cycle(arguments.Positional)),
        "changed" => new CallableValue("changed", (arguments, context) => Of(HasChanged(arguments.Positional, context.Budget))),
        _ => null,
    };

    Value Cycle(Value[] values) => values.Length > 0 ? values[Index % values.Length] : throw new TemplateFault("cycle needs values");

    bool HasChanged(Value[] values, RenderBudget budget)
    {
        var isSame = _lastChecked is { } last && last.Length == values.Length
            && last.Zip(values).All(pair => ValueComparison.AreEqual(pair.First, pair.Second, budget));
        _lastChecked = values;
        return !isSame;
    }
}
