using System.Text;
using Brickwork.Tokenizers.ChatTemplates.Values;

namespace Brickwork.Tokenizers.ChatTemplates.Evaluation;

/// <summary>Slices <c>[start:stop:step]</c> of lists and texts. A text is a row of code points, as in Python.</summary>
static class Slicing
{
    public static Value Slice(Value target, Value? start, Value? stop, Value? step, RenderBudget budget)
    {
        var stride = Bound(step) ?? 1;
        if (stride == 0)
            throw new TemplateFault("the step of a slice is zero");
        switch (target)
        {
            case ListValue list:
                var items = list.Items;
                budget.SpendText(items.Count);
                return new ListValue([.. Places(items.Count, Bound(start), Bound(stop), stride).Select(place => items[place])], list.IsTuple);
            case TextValue text:
                budget.SpendText(text.Text.Length);
                return Value.Of(SliceText(text.Text, Bound(start), Bound(stop), stride));
            case UndefinedValue undefined:
                throw new TemplateFault(undefined.Description);
            default:
                return new UndefinedValue($"a {target.TypeName} has no slices");
        }
    }

    /// <summary>The code point at a place, counted from the end where negative; null outside.</summary>
    public static Value? At(TextValue text, long index, RenderBudget budget)
    {
        budget.SpendText(text.Text.Length);
        var length = Length(text.Text);
        if (index < 0) index += length;
        return index >= 0 && index < length ? Value.Of(SliceText(text.Text, index, index + 1, 1)) : null;
    }

    /// <summary>The number of code points; an unpaired surrogate counts as one.</summary>
    public static int Length(string text)
    {
        var pairs = 0;
        for (var i = 1; i < text.Length; i++)
        {
            if (!char.IsSurrogatePair(text[i - 1], text[i])) continue;
            pairs++;
            i++;
        }
        return text.Length - pairs;
    }

    static string SliceText(string text, long? start, long? stop, long step)
    {
        var length = Length(text);
        if (length != text.Length)
            return SliceCodePoints(text, start, stop, step);
        if (step == 1)
        {
            var first = (int)Clamp(start ?? 0, length, 0, length);
            return text[first..Math.Max(first, (int)Clamp(stop ?? length, length, 0, length))];
        }
        return string.Concat(Places(length, start, stop, step).Select(place => text[place]));
    }

    static string SliceCodePoints(string text, long? start, long? stop, long step)
    {
        var letters = new List<string>(text.Length);
        for (var i = 0; i < text.Length; i += letters[^1].Length)
            letters.Add(text.Substring(i, char.IsSurrogatePair(text, i) ? 2 : 1));
        var output = new StringBuilder();
        foreach (var place in Places(letters.Count, start, stop, step))
            output.Append(letters[place]);
        return output.ToString();
    }

    static IEnumerable<int> Places(int length, long? start, long? stop, long step)
    {
        var first = step > 0 ? Clamp(start ?? 0, length, 0, length) : start is null ? length - 1 : Clamp(start.Value, length, -1, length - 1);
        var end = step > 0 ? Clamp(stop ?? length, length, 0, length) : stop is null ? -1 : Clamp(stop.Value, length, -1, length - 1);
        step = Math.Clamp(step, -int.MaxValue, int.MaxValue);
        for (var place = first; step > 0 ? place < end : place > end; place += step)
            yield return (int)place;
    }

    static long Clamp(long bound, int length, long low, long high) => Math.Clamp(bound < 0 ? bound + length : bound, low, high);

    static long? Bound(Value? value) => value switch
    {
        null or NoneValue => null,
        IntegerValue integer => integer.Number,
        BooleanValue boolean => boolean.IsTrue ? 1 : 0,
        _ => throw new TemplateFault($"a slice needs ints, found a {value.TypeName}"),
    };
}
