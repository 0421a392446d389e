using System.Text;
using Brickwork.Tokenizers.ChatTemplates.Evaluation;
using Brickwork.Tokenizers.ChatTemplates.Values;

namespace Brickwork.Tokenizers.ChatTemplates.Methods;

/// <summary>Replaces and joins texts within the budget.</summary>
static class TextReplacement
{
    /// <summary>Replaces the first <paramref name="count"/> places. An empty old text stands before every letter and at the end.</summary>
    public static string Replace(string text, string old, string replacement, long count, RenderBudget budget)
    {
        budget.SpendText(text.Length);
        if (count < 0) count = long.MaxValue;
        var output = new StringBuilder();
        var copied = 0;
        var search = 0;
        for (; count > 0 && search <= text.Length; count--)
        {
            var place = old.Length == 0 ? search : text.IndexOf(old, search, StringComparison.Ordinal);
            if (place < 0) break;
            output.Append(text, copied, place - copied).Append(replacement);
            RenderBudget.CheckLength(output.Length);
            copied = place + old.Length;
            search = old.Length > 0 ? copied : place + (place < text.Length && place + 1 < text.Length && char.IsSurrogatePair(text, place) ? 2 : 1);
        }
        if (copied == 0 && output.Length == 0)
            return text;
        output.Append(text, copied, text.Length - copied);
        budget.SpendText(output.Length);
        return output.ToString();
    }

    public static string Join(string separator, List<Value> items, RenderBudget budget)
    {
        var output = new StringBuilder();
        for (var i = 0; i < items.Count; i++)
        {
            if (i > 0) output.Append(separator);
            output.Append(ValueText.Print(items[i], budget));
            RenderBudget.CheckLength(output.Length);
        }
        budget.SpendText(output.Length);
        return output.ToString();
    }
}
