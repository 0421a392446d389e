using Brickwork.Tokenizers.ChatTemplates.Evaluation;
using Brickwork.Tokenizers.ChatTemplates.Tests;
using Brickwork.Tokenizers.ChatTemplates.Values;

namespace Brickwork.Tokenizers.ChatTemplates.Filters;

/// <summary>Filters that run a filter or a test on every item.</summary>
static class SelectionFilters
{
    public static void AddTo(Dictionary<string, Filter> filters)
    {
        filters["map"] = Map;
        filters["select"] = (input, arguments, context) => Select(input, arguments, context, byAttribute: false, keeps: true);
        filters["reject"] = (input, arguments, context) => Select(input, arguments, context, byAttribute: false, keeps: false);
        filters["selectattr"] = (input, arguments, context) => Select(input, arguments, context, byAttribute: true, keeps: true);
        filters["rejectattr"] = (input, arguments, context) => Select(input, arguments, context, byAttribute: true, keeps: false);
    }

    static ListValue Map(Value input, Arguments arguments, RenderContext context)
    {
        var items = ItemsOf(input, context);
        if (arguments.Positional.Length == 0)
        {
            var bound = arguments.Bind("map", "attribute", "default");
            return new ListValue(items.ConvertAll(item => AttributeOr(item, bound.Required(0), bound[1], context)));
        }
        var name = Name("map", arguments.Positional[0]);
        var filter = FilterTable.Find(name) ?? throw new TemplateGap($"the filter '{name}'");
        var rest = new Arguments(arguments.Positional[1..], arguments.Named);
        return new ListValue(items.ConvertAll(item => filter(item, rest, context)));
    }

    static Value AttributeOr(Value item, Value path, Value? fallback, RenderContext context)
    {
        var value = AttributePath.Get(item, path, context.Budget);
        return value is UndefinedValue && fallback is not null ? fallback : value;
    }

    static ListValue Select(Value input, Arguments arguments, RenderContext context, bool byAttribute, bool keeps)
    {
        var words = arguments.Positional.AsSpan();
        Value? attribute = null;
        if (byAttribute)
        {
            attribute = words.Length > 0 ? words[0] : throw new TemplateFault("a selection by attribute lacks the attribute");
            words = words[1..];
        }
        var test = FindTest(words);
        var rest = new Arguments(words.Length > 0 ? words[1..].ToArray() : [], arguments.Named);
        return new ListValue(ItemsOf(input, context).FindAll(item =>
        {
            context.Budget.Spend(1);
            var subject = attribute is null ? item : AttributePath.Get(item, attribute, context.Budget);
            return test(subject, rest, context) == keeps;
        }));
    }

    // As in Jinja, an input that counts as false has no items, even none.
    static List<Value> ItemsOf(Value input, RenderContext context) => input.IsTrue ? Sequences.Items(input, context.Budget) : [];

    static Test FindTest(ReadOnlySpan<Value> words)
    {
        if (words.Length == 0)
            return (value, _, _) => value.IsTrue;
        var name = Name("a selection", words[0]);
        return TestTable.Find(name) ?? throw new TemplateGap($"the test '{name}'");
    }

    static string Name(string function, Value value) =>
        value is TextValue text ? text.Text : throw new TemplateFault($"{function} needs a name, found a {value.TypeName}");
}
