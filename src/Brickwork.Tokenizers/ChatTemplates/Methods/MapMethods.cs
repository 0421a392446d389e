using Brickwork.Tokenizers.ChatTemplates.Evaluation;
using Brickwork.Tokenizers.ChatTemplates.Values;

namespace Brickwork.Tokenizers.ChatTemplates.Methods;

/// <summary>The methods of Python's <c>dict</c>.</summary>
static class MapMethods
{
    public static Value? Find(MapValue receiver, string name)
    {
        Func<Arguments, RenderContext, Value>? method = name switch
        {
            "items" => (_, context) => Items(receiver, context.Budget),
            "keys" => (_, context) => Copy(receiver.Keys, receiver, context.Budget),
            "values" => (_, context) => Copy(receiver.Values, receiver, context.Budget),
            "get" => (arguments, _) => Get(receiver, arguments),
            "pop" => (arguments, _) => Pop(receiver, arguments),
            "setdefault" => (arguments, _) => SetDefault(receiver, arguments),
            "update" => (arguments, context) => Update(receiver, arguments, context.Budget),
            "copy" => (_, context) => Copy(receiver, context.Budget),
            _ => null,
        };
        return method is null ? null : new CallableValue(name, method);
    }

    /// <summary>The entries as tuples of key and value.</summary>
    public static ListValue Items(MapValue map, RenderBudget budget) =>
        Copy(map.Entries.Select(entry => ListValue.Tuple(entry.Key, entry.Value)), map, budget);

    static ListValue Copy(IEnumerable<Value> values, MapValue map, RenderBudget budget)
    {
        budget.Spend(map.Count);
        return new ListValue([.. values]);
    }

    static Value Get(MapValue map, Arguments arguments)
    {
        var bound = arguments.Bind("get", "key", "default");
        var fallback = bound.IsGiven(1) ? bound.Required(1) : NoneValue.Instance;
        return bound.Required(0) is not UndefinedValue and var key && map.TryGet(key, out var value) ? value : fallback;
    }

    static Value Pop(MapValue map, Arguments arguments)
    {
        var bound = arguments.Bind("pop", "key", "default");
        if (!map.TryGet(bound.Required(0), out var value))
            return bound.IsGiven(1) ? bound.Required(1) : throw new TemplateFault("'pop' finds no such key");
        map.Remove(bound.Required(0));
        return value;
    }

    static Value SetDefault(MapValue map, Arguments arguments)
    {
        var bound = arguments.Bind("setdefault", "key", "default");
        if (map.TryGet(bound.Required(0), out var value))
            return value;
        var fallback = bound.IsGiven(1) ? bound.Required(1) : NoneValue.Instance;
        Set(map, bound.Required(0), fallback);
        return fallback;
    }

    static NoneValue Update(MapValue map, Arguments arguments, RenderBudget budget)
    {
        foreach (var source in arguments.Positional)
        {
            if (source is not MapValue other)
                throw new TemplateFault($"'update' needs a dict, found a {source.TypeName}");
            budget.Spend(other.Count);
            foreach (var (key, value) in other.Entries.ToList()) Set(map, key, value);
        }
        foreach (var (name, value) in arguments.Named) Set(map, Value.Of(name), value);
        return NoneValue.Instance;
    }

    static MapValue Copy(MapValue map, RenderBudget budget)
    {
        budget.Spend(map.Count);
        var copy = new MapValue();
        foreach (var (key, value) in map.Entries) copy.Set(key, value);
        return copy;
    }

    static void Set(MapValue map, Value key, Value value)
    {
        RenderBudget.CheckCount(map.Count + 1);
        map.Set(key, value);
    }
}
