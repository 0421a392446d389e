using System.Globalization;
using System.Text;
using Brickwork.Tokenizers.ChatTemplates.Evaluation;

namespace Brickwork.Tokenizers.ChatTemplates.Values;

/// <summary>Values as text: Python's <c>str</c> and <c>repr</c>.</summary>
static class ValueText
{
    /// <summary>The text that <c>{{ value }}</c> prints.</summary>
    public static string Print(Value value, RenderBudget budget)
    {
        if (value is TextValue text)
            return text.Text;
        var output = new StringBuilder();
        Append(output, value, budget, depth: 0, isNested: false);
        return output.ToString();
    }

    /// <summary>The text in which a value shows itself inside a list: strings are quoted.</summary>
    public static string Represent(Value value, RenderBudget budget)
    {
        var output = new StringBuilder();
        Append(output, value, budget, depth: 0, isNested: true);
        return output.ToString();
    }

    static void Append(StringBuilder output, Value value, RenderBudget budget, int depth, bool isNested)
    {
        budget.Spend(1);
        RenderBudget.CheckDepth(depth);
        RenderBudget.CheckLength(output.Length);
        switch (value)
        {
            case TextValue text when isNested: AppendQuoted(output, text.Text); break;
            case TextValue text: output.Append(text.Text); break;
            case UndefinedValue: output.Append(isNested ? "Undefined" : ""); break;
            case NoneValue: output.Append("None"); break;
            case BooleanValue boolean: output.Append(boolean.IsTrue ? "True" : "False"); break;
            case IntegerValue integer: output.Append(integer.Number); break;
            case FloatValue number: output.Append(PythonNumber.Text(number.Number)); break;
            case ListValue list: AppendList(output, list, budget, depth); break;
            case MapValue map: AppendMap(output, map, budget, depth); break;
            case CallableValue callable: output.Append(CultureInfo.InvariantCulture, $"<function {callable.Name}>"); break;
            default: output.Append(CultureInfo.InvariantCulture, $"<{value.TypeName}>"); break;
        }
    }

    static void AppendList(StringBuilder output, ListValue list, RenderBudget budget, int depth)
    {
        output.Append(list.IsTuple ? '(' : '[');
        for (var i = 0; i < list.Items.Count; i++)
        {
            if (i > 0) output.Append(", ");
            Append(output, list.Items[i], budget, depth + 1, isNested: true);
        }
        if (list is { IsTuple: true, Items.Count: 1 }) output.Append(',');
        output.Append(list.IsTuple ? ')' : ']');
    }

    static void AppendMap(StringBuilder output, MapValue map, RenderBudget budget, int depth)
    {
        output.Append('{');
        var separator = "";
        foreach (var (key, item) in map.Entries)
        {
            output.Append(separator);
            Append(output, key, budget, depth + 1, isNested: true);
            output.Append(": ");
            Append(output, item, budget, depth + 1, isNested: true);
            separator = ", ";
        }
        output.Append('}');
    }

    static void AppendQuoted(StringBuilder output, string text)
    {
        var quote = text.Contains('\'') && !text.Contains('"') ? '"' : '\'';
        output.Append(quote);
        for (var i = 0; i < text.Length; i++)
        {
            var width = char.IsSurrogatePair(text, i) ? 2 : 1;
            if (text[i] == quote || text[i] == '\\')
                output.Append('\\').Append(text[i]);
            else if (IsPrintable(text, i))
                output.Append(text, i, width);
            else
                output.Append(Escape(width == 2 ? char.ConvertToUtf32(text, i) : text[i]));
            i += width - 1;
        }
        output.Append(quote);
    }

    static bool IsPrintable(string text, int index) => text[index] == ' ' || CharUnicodeInfo.GetUnicodeCategory(text, index) is not
        (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
        or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.SpaceSeparator);

    static string Escape(int codePoint) => codePoint switch
    {
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        < 0x100 => $"\\x{codePoint:x2}",
        < 0x10000 => $"\\u{codePoint:x4}",
        _ => $"\\U{codePoint:x8}",
    };
}
