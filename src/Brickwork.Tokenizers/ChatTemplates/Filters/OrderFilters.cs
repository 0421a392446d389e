using Brickwork.Tokenizers.ChatTemplates.Evaluation;
using Brickwork.Tokenizers.ChatTemplates.Methods;
using Brickwork.Tokenizers.ChatTemplates.Values;

namespace Brickwork.Tokenizers.ChatTemplates.Filters;

/// <summary>Filters that compare: sort, dictsort, unique, min and max. Case does not count unless asked for.</summary>
static class OrderFilters
{
    public static void AddTo(Dictionary<string, Filter> filters)
    {
        filters["sort"] = Sort;
        filters["dictsort"] = SortMap;
        filters["unique"] = Unique;
        filters["min"] = (input, arguments, context) => Extreme("min", input, arguments, context, sign: 1);
        filters["max"] = (input, arguments, context) => Extreme("max", input, arguments, context, sign: -1);
    }

    static ListValue Sort(Value input, Arguments arguments, RenderContext context)
    {
        var bound = arguments.Bind("sort", "reverse", "case_sensitive", "attribute");
        var keys = new SortKey(bound[2], bound.Boolean(1, false), context.Budget);
        return new ListValue(Sorted(Sequences.Items(input, context.Budget), keys.Of, bound.Boolean(0, false), context.Budget));
    }

    static ListValue SortMap(Value input, Arguments arguments, RenderContext context)
    {
        var bound = arguments.Bind("dictsort", "case_sensitive", "by", "reverse");
        var by = bound.Text(1) ?? "key";
        if (input is not MapValue map)
            throw new TemplateFault($"dictsort needs a dict, found a {input.TypeName}");
        if (by is not ("key" or "value"))
            throw new TemplateFault($"dictsort sorts by 'key' or 'value', found '{by}'");
        var keys = new SortKey(Value.Of(by == "key" ? 0 : 1), bound.Boolean(0, false), context.Budget);
        return new ListValue(Sorted(MapMethods.Items(map, context.Budget).Items, keys.Of, bound.Boolean(2, false), context.Budget));
    }

    static List<Value> Sorted(List<Value> items, Func<Value, Value> key, bool isDescending, RenderBudget budget)
    {
        var order = Comparer<Value>.Create((left, right) => ValueComparison.Compare(left, right, budget));
        try
        {
            return isDescending ? [.. items.OrderByDescending(key, order)] : [.. items.OrderBy(key, order)];
        }
        catch (InvalidOperationException wrapped) when (wrapped.InnerException is TemplateFault fault)
        {
            throw fault;
        }
    }

    static ListValue Unique(Value input, Arguments arguments, RenderContext context)
    {
        var bound = arguments.Bind("unique", "case_sensitive", "attribute");
        var keys = new SortKey(bound[1], bound.Boolean(0, false), context.Budget);
        var seen = new MapValue();
        var kept = new List<Value>();
        foreach (var item in Sequences.Items(input, context.Budget))
        {
            var key = keys.Of(item);
            if (seen.TryGet(key, out _)) continue;
            seen.Set(key, item);
            kept.Add(item);
        }
        return new ListValue(kept);
    }

    static Value Extreme(string name, Value input, Arguments arguments, RenderContext context, int sign)
    {
        var bound = arguments.Bind(name, "case_sensitive", "attribute");
        var keys = new SortKey(bound[1], bound.Boolean(0, false), context.Budget);
        Value? best = null;
        foreach (var item in Sequences.Items(input, context.Budget))
            if (best is null || ValueComparison.Compare(keys.Of(item), keys.Of(best), context.Budget) * sign < 0) best = item;
        return best ?? new UndefinedValue($"an empty sequence has no {name}");
    }

    /// <summary>What an item is compared by: itself or an attribute, in lower case unless case counts.</summary>
    sealed class SortKey(Value? attribute, bool isCaseSensitive, RenderBudget budget)
    {
        public Value Of(Value item)
        {
            var key = attribute is null or NoneValue ? item : AttributePath.Get(item, attribute, budget);
            return key is TextValue text && !isCaseSensitive ? Value.Of(text.Text.ToLowerInvariant()) : key;
        }
    }
}
