using Brickwork.Tokenizers.ChatTemplates.Evaluation;

namespace Brickwork.Tokenizers.ChatTemplates.Values;

/// <summary>Equality and order as Python defines them.</summary>
static class ValueComparison
{
    public static bool AreEqual(Value left, Value right, RenderBudget budget, int depth = 0)
    {
        budget.Spend(1);
        RenderBudget.CheckDepth(depth);
        if (ReferenceEquals(left, right))
            return true;
        return (left, right) switch
        {
            (TextValue a, TextValue b) => TextsAreEqual(a.Text, b.Text, budget),
            (UndefinedValue, UndefinedValue) => true,
            (ListValue a, ListValue b) => a.IsTuple == b.IsTuple && ListsAreEqual(a.Items, b.Items, budget, depth),
            (MapValue a, MapValue b) => MapsAreEqual(a, b, budget, depth),
            (IntegerValue a, IntegerValue b) => a.Number == b.Number,
            _ => TryNumber(left, out var x) && TryNumber(right, out var y) && x == y,
        };
    }

    /// <summary>Negative, zero or positive; faults where Python has no order.</summary>
    public static int Compare(Value left, Value right, RenderBudget budget, int depth = 0)
    {
        budget.Spend(1);
        RenderBudget.CheckDepth(depth);
        return (left, right) switch
        {
            (TextValue a, TextValue b) => CompareTexts(a.Text, b.Text, budget),
            (IntegerValue a, IntegerValue b) => a.Number.CompareTo(b.Number),
            (ListValue a, ListValue b) when a.IsTuple == b.IsTuple => CompareLists(a.Items, b.Items, budget, depth),
            _ when TryNumber(left, out var x) && TryNumber(right, out var y) => x.CompareTo(y),
            _ => throw new TemplateFault($"a {left.TypeName} and a {right.TypeName} have no order"),
        };
    }

    /// <summary>Whether the value counts as a number, which in Python includes true and false.</summary>
    public static bool TryNumber(Value value, out double number)
    {
        (var isNumber, number) = value switch
        {
            IntegerValue integer => (true, integer.Number),
            FloatValue real => (true, real.Number),
            BooleanValue boolean => (true, boolean.IsTrue ? 1 : 0),
            _ => (false, 0),
        };
        return isNumber;
    }

    /// <summary><c>item in container</c></summary>
    public static bool Contains(Value container, Value item, RenderBudget budget) => (container, item) switch
    {
        (TextValue text, TextValue part) => Holds(text.Text, part.Text, budget),
        (TextValue, _) => throw new TemplateFault($"'in' asks a str for a str, found a {item.TypeName}"),
        (MapValue map, _) => map.TryGet(item, out _),
        (ListValue list, _) => list.Items.Exists(candidate => AreEqual(candidate, item, budget)),
        (UndefinedValue, _) => false,
        _ => throw new TemplateFault($"'in' needs something to search, found a {container.TypeName}"),
    };

    static bool Holds(string text, string part, RenderBudget budget)
    {
        budget.SpendText(text.Length);
        return text.Contains(part, StringComparison.Ordinal);
    }

    static bool TextsAreEqual(string left, string right, RenderBudget budget)
    {
        if (left.Length != right.Length) return false;
        budget.SpendText(left.Length);
        return left == right;
    }

    static int CompareTexts(string left, string right, RenderBudget budget)
    {
        budget.SpendText(Math.Min(left.Length, right.Length));
        return string.CompareOrdinal(left, right);
    }

    static bool ListsAreEqual(List<Value> left, List<Value> right, RenderBudget budget, int depth)
    {
        if (left.Count != right.Count) return false;
        for (var i = 0; i < left.Count; i++)
            if (!AreEqual(left[i], right[i], budget, depth + 1)) return false;
        return true;
    }

    static bool MapsAreEqual(MapValue left, MapValue right, RenderBudget budget, int depth) => left.Count == right.Count
        && left.Entries.All(entry => right.TryGet(entry.Key, out var other) && AreEqual(entry.Value, other, budget, depth + 1));

    static int CompareLists(List<Value> left, List<Value> right, RenderBudget budget, int depth)
    {
        for (var i = 0; i < Math.Min(left.Count, right.Count); i++)
            if (!AreEqual(left[i], right[i], budget, depth + 1)) return Compare(left[i], right[i], budget, depth + 1);
        return left.Count.CompareTo(right.Count);
    }
}
