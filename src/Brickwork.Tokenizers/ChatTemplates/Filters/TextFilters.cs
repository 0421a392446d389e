using System.Text;
using Brickwork.Tokenizers.ChatTemplates.Evaluation;
using Brickwork.Tokenizers.ChatTemplates.Methods;
using Brickwork.Tokenizers.ChatTemplates.Values;

namespace Brickwork.Tokenizers.ChatTemplates.Filters;

/// <summary>Filters over text. An input that is no text is printed first.</summary>
static class TextFilters
{
    public static void AddTo(Dictionary<string, Filter> filters)
    {
        Add(filters, "upper", text => text.ToUpperInvariant());
        Add(filters, "lower", text => text.ToLowerInvariant());
        Add(filters, "capitalize", TextCase.Capitalize);
        Add(filters, "title", TextCase.CapitalizeWords);
        Add(filters, "string", text => text);
        Add(filters, "safe", text => text);
        Add(filters, "escape", Escape);
        Add(filters, "e", Escape);
        Add(filters, "forceescape", Escape);
        filters["trim"] = (input, arguments, context) =>
            Value.Of(TextEdges.Strip(Text(input, context), arguments.Bind("trim", "chars").Text(0), Edges.Both));
        filters["replace"] = Replace;
        filters["indent"] = Indent;
        filters["format"] = Format;
        filters["wordcount"] = (input, arguments, context) => Value.Of(CountWords(Text(input, context)));
        filters["join"] = Join;
        filters["default"] = Default;
        filters["d"] = Default;
    }

    static void Add(Dictionary<string, Filter> filters, string name, Func<string, string> change) => filters[name] = (input, arguments, context) =>
    {
        arguments.Bind(name);
        return Value.Of(change(Text(input, context)));
    };

    static string Text(Value input, RenderContext context)
    {
        var text = ValueText.Print(input, context.Budget);
        context.Budget.SpendText(text.Length);
        return text;
    }

    static TextValue Replace(Value input, Arguments arguments, RenderContext context)
    {
        var bound = arguments.Bind("replace", "old", "new", "count");
        var count = bound[2] is null or NoneValue ? long.MaxValue : bound.Integer(2, 0);
        var (old, replacement) = (Text(bound.Required(0), context), Text(bound.Required(1), context));
        return new TextValue(TextReplacement.Replace(Text(input, context), old, replacement, count, context.Budget));
    }

    static TextValue Indent(Value input, Arguments arguments, RenderContext context)
    {
        var bound = arguments.Bind("indent", "width", "first", "blank");
        var indent = bound[0] is TextValue text ? text.Text : new string(' ', (int)Math.Clamp(bound.Integer(0, 4), 0, 1000));
        var (indentsFirst, indentsBlank) = (bound.Boolean(1, false), bound.Boolean(2, false));

        var output = new StringBuilder(indentsFirst ? indent : "");
        var isFirst = true;
        foreach (var line in TextLines.Split(Text(input, context) + "\n", keepsEnds: false))
        {
            if (!isFirst) output.Append('\n');
            if (!isFirst && (indentsBlank || line.Length > 0)) output.Append(indent);
            output.Append(line);
            isFirst = false;
            RenderBudget.CheckLength(output.Length);
        }
        return new TextValue(output.ToString());
    }

    static TextValue Format(Value input, Arguments arguments, RenderContext context)
    {
        Value values = new ListValue([.. arguments.Positional], isTuple: true);
        if (arguments.Named.Length > 0)
        {
            var map = new MapValue();
            foreach (var (name, value) in arguments.Named) map.Set(name, value);
            values = map;
        }
        return new TextValue(PercentFormat.Format(Text(input, context), values, context.Budget));
    }

    static TextValue Join(Value input, Arguments arguments, RenderContext context)
    {
        var bound = arguments.Bind("join", "d", "attribute");
        var separator = bound[0] is { } given ? Text(given, context) : "";
        var items = Sequences.Items(input, context.Budget);
        if (bound[1] is { } attribute)
            items = items.ConvertAll(item => AttributePath.Get(item, attribute, context.Budget));
        return new TextValue(TextReplacement.Join(separator, items, context.Budget));
    }

    static Value Default(Value input, Arguments arguments, RenderContext context)
    {
        var bound = arguments.Bind("default", "default_value", "boolean");
        var isMissing = input is UndefinedValue || (bound.Boolean(1, false) && !input.IsTrue);
        return isMissing ? bound.IsGiven(0) ? bound.Required(0) : Value.Of("") : input;
    }

    static string Escape(string text) => text
        .Replace("&", "&amp;", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace(">", "&gt;", StringComparison.Ordinal)
        .Replace("'", "&#39;", StringComparison.Ordinal)
        .Replace("\"", "&#34;", StringComparison.Ordinal);

    static long CountWords(string text)
    {
        var words = 0;
        for (var i = 0; i < text.Length; i++)
            if (IsWordLetter(text[i]) && (i == 0 || !IsWordLetter(text[i - 1]))) words++;
        return words;
    }

    static bool IsWordLetter(char letter) => char.IsLetterOrDigit(letter) || letter == '_';
}
