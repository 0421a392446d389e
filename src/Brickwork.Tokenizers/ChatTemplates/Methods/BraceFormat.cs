using System.Globalization;
using System.Text;
using Brickwork.Tokenizers.ChatTemplates.Evaluation;
using Brickwork.Tokenizers.ChatTemplates.Values;

namespace Brickwork.Tokenizers.ChatTemplates.Methods;

/// <summary>Python's <c>format.format(values)</c> with the places <c>{}</c>, <c>{0}</c> and <c>{name}</c>; no format letters inside.</summary>
static class BraceFormat
{
    public static string Format(string format, Arguments arguments, RenderBudget budget)
    {
        var output = new StringBuilder();
        var next = 0;
        for (var i = 0; i < format.Length; i++)
        {
            var letter = format[i];
            if (letter is '{' or '}' && i + 1 < format.Length && format[i + 1] == letter)
                i++;
            else if (letter == '}')
                throw new TemplateFault("a format has a '}' without '{'");
            else if (letter == '{')
            {
                var close = format.IndexOf('}', i);
                if (close < 0)
                    throw new TemplateFault("a format has a '{' without '}'");
                output.Append(ValueText.Print(Choose(format[(i + 1)..close], arguments, ref next), budget));
                RenderBudget.CheckLength(output.Length);
                i = close;
                continue;
            }
            output.Append(letter);
        }
        return output.ToString();
    }

    static Value Choose(string place, Arguments arguments, ref int next)
    {
        if (place.AsSpan().ContainsAny(":!.["))
            throw new TemplateGap($"the format '{{{place}}}'");
        if (place.Length == 0)
            place = (next++).ToString(CultureInfo.InvariantCulture);
        if (int.TryParse(place, NumberStyles.None, CultureInfo.InvariantCulture, out var index))
            return arguments.Positional.ElementAtOrDefault(index) ?? throw new TemplateFault("a format has more places than values");
        foreach (var (name, value) in arguments.Named)
            if (name == place) return value;
        throw new TemplateFault($"a format finds no value '{place}'");
    }
}
