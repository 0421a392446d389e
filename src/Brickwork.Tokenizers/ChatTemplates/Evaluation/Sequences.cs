using Brickwork.Tokenizers.ChatTemplates.Values;

namespace Brickwork.Tokenizers.ChatTemplates.Evaluation;

/// <summary>What can be walked through: a list, the letters of a text, the keys of a dict, nothing for an undefined value.</summary>
static class Sequences
{
    public static List<Value> Items(Value value, RenderBudget budget)
    {
        var items = TryItems(value) ?? throw new TemplateFault($"a {value.TypeName} cannot be walked through");
        budget.Spend(items.Count);
        return items;
    }

    public static bool IsIterable(Value value) => value is ListValue or TextValue or MapValue or UndefinedValue;

    static List<Value>? TryItems(Value value) => value switch
    {
        // A copy: the body of a loop may append to the list it walks through.
        ListValue list => [.. list.Items],
        MapValue map => [.. map.Keys],
        TextValue text => Letters(text.Text),
        UndefinedValue => [],
        _ => null,
    };

    static List<Value> Letters(string text)
    {
        var letters = new List<Value>(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var width = char.IsSurrogatePair(text, i) ? 2 : 1;
            letters.Add(Value.Of(text.Substring(i, width)));
            i += width - 1;
        }
        return letters;
    }
}
