using Brickwork.Tokenizers.ChatTemplates.Evaluation;
using Brickwork.Tokenizers.ChatTemplates.Values;

namespace Brickwork.Tokenizers.ChatTemplates.Filters;

/// <summary>The filter <c>tojson</c> as transformers defines it: Python's spacing, letters outside ASCII kept, nothing escaped for HTML.</summary>
static class JsonFilter
{
    public static void AddTo(Dictionary<string, Filter> filters) => filters["tojson"] = Write;

    static TextValue Write(Value input, Arguments arguments, RenderContext context)
    {
        var bound = arguments.Bind("tojson", "ensure_ascii", "indent", "separators", "sort_keys");
        var indent = Indent(bound[1]);
        var (item, key) = Separators(bound[2], indent);
        var writer = new ValueJson(context.Budget)
        {
            EscapesNonAscii = bound.Boolean(0, false),
            Indent = indent,
            ItemSeparator = item,
            KeySeparator = key,
            SortsKeys = bound.Boolean(3, false),
        };
        return new TextValue(writer.Write(input));
    }

    static string? Indent(Value? value) => value switch
    {
        null or NoneValue => null,
        TextValue text => text.Text,
        IntegerValue width => new string(' ', (int)Math.Clamp(width.Number, 0, 100)),
        _ => throw new TemplateFault($"tojson expects an int or a str as indent, found a {value.TypeName}"),
    };

    static (string Item, string Key) Separators(Value? value, string? indent) => value switch
    {
        null or NoneValue => (indent is null ? ", " : ",", ": "),
        ListValue { Items: [TextValue item, TextValue key] } => (item.Text, key.Text),
        _ => throw new TemplateFault("tojson expects two strs as separators"),
    };
}
