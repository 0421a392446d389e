using Brickwork.Tokenizers.ChatTemplates.Evaluation;
using Brickwork.Tokenizers.ChatTemplates.Values;

namespace Brickwork.Tokenizers.ChatTemplates.Methods;

/// <summary>The methods that cut a text: split, rsplit, splitlines, partition, rpartition.</summary>
static class TextSplitting
{
    public delegate Value Method(string text, Arguments arguments, RenderBudget budget);

    public static void AddTo(Action<string, Method> add)
    {
        add("split", (text, arguments, budget) => Split("split", text, arguments, budget, fromEnd: false));
        add("rsplit", (text, arguments, budget) => Split("rsplit", text, arguments, budget, fromEnd: true));
        add("splitlines", (text, arguments, budget) =>
            List(TextLines.Split(text, arguments.Bind("splitlines", "keepends").Boolean(0, false)), budget));
        add("partition", (text, arguments, _) => Partition("partition", text, arguments, fromEnd: false));
        add("rpartition", (text, arguments, _) => Partition("rpartition", text, arguments, fromEnd: true));
    }

    static ListValue Split(string name, string text, Arguments arguments, RenderBudget budget, bool fromEnd)
    {
        var bound = arguments.Bind(name, "sep", "maxsplit");
        var limit = bound.Integer(1, -1) is >= 0 and var given ? given : long.MaxValue;
        if (bound.Text(0) is { } separator)
            return List(SplitAt(text, separator, limit, fromEnd), budget);
        if (fromEnd && limit != long.MaxValue)
            throw new TemplateGap("'rsplit' at white space with a limit");
        return List(TextLines.SplitWords(text, limit), budget);
    }

    static List<string> SplitAt(string text, string separator, long limit, bool fromEnd)
    {
        if (separator.Length == 0)
            throw new TemplateFault("the separator of a split is empty");
        if (limit >= text.Length)
            return [.. text.Split(separator)];
        var parts = new List<string>();
        for (; limit > 0; limit--)
        {
            var place = fromEnd ? text.LastIndexOf(separator, StringComparison.Ordinal) : text.IndexOf(separator, StringComparison.Ordinal);
            if (place < 0) break;
            parts.Add(fromEnd ? text[(place + separator.Length)..] : text[..place]);
            text = fromEnd ? text[..place] : text[(place + separator.Length)..];
        }
        parts.Add(text);
        if (fromEnd) parts.Reverse();
        return parts;
    }

    static ListValue Partition(string name, string text, Arguments arguments, bool fromEnd)
    {
        var separator = arguments.Bind(name, "sep").RequiredText(0);
        if (separator.Length == 0)
            throw new TemplateFault($"the separator of '{name}' is empty");
        var place = fromEnd ? text.LastIndexOf(separator, StringComparison.Ordinal) : text.IndexOf(separator, StringComparison.Ordinal);
        string[] parts = place >= 0 ? [text[..place], separator, text[(place + separator.Length)..]] : fromEnd ? ["", "", text] : [text, "", ""];
        return new ListValue([.. parts.Select(Value.Of)], isTuple: true);
    }

    static ListValue List(List<string> parts, RenderBudget budget)
    {
        budget.Spend(parts.Count);
        return new ListValue(parts.ConvertAll(Value.Of));
    }
}
