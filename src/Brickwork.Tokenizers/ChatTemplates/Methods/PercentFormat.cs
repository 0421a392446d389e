using System.Globalization;
using System.Text;
using Brickwork.Tokenizers.ChatTemplates.Evaluation;
using Brickwork.Tokenizers.ChatTemplates.Values;

namespace Brickwork.Tokenizers.ChatTemplates.Methods;

/// <summary>Python's <c>format % values</c>: %s %r %d %i %x %X %f %%, with flags, width, precision and names.</summary>
static class PercentFormat
{
    const int LargestWidth = 1000;

    public static string Format(string format, Value values, RenderBudget budget)
    {
        var output = new StringBuilder();
        var next = 0;
        var given = values is ListValue { IsTuple: true } tuple ? tuple.Items : [values];
        for (var i = 0; i < format.Length; i++)
        {
            if (format[i] != '%')
            {
                output.Append(format[i]);
                continue;
            }
            var field = ReadField(format, ref i);
            if (field.Kind == '%') output.Append('%');
            else output.Append(Pad(Convert(field, Choose(field, values, given, ref next), budget), field));
            RenderBudget.CheckLength(output.Length);
        }
        if (next < given.Count && values is not MapValue)
            throw new TemplateFault("a format has fewer places than values");
        return output.ToString();
    }

    static Value Choose(Field field, Value values, List<Value> given, ref int next)
    {
        if (field.Name is { } name)
            return values is MapValue map && map.TryGet(name, out var value) ? value : throw new TemplateFault($"a format finds no value '{name}'");
        return next < given.Count ? given[next++] : throw new TemplateFault("a format has more places than values");
    }

    static Field ReadField(string format, ref int i)
    {
        i++;
        string? name = null;
        if (i < format.Length && format[i] == '(' && format.IndexOf(')', i) is > 0 and var close)
        {
            name = format[(i + 1)..close];
            i = close + 1;
        }
        var flags = i;
        while (i < format.Length && format[i] is '-' or '0' or '+' or ' ' or '#') i++;
        var width = ReadNumber(format, ref flags, ref i, out var flagText);
        var precision = -1;
        if (i < format.Length && format[i] == '.')
        {
            i++;
            var start = i;
            precision = ReadNumber(format, ref start, ref i, out _);
        }
        if (i >= format.Length)
            throw new TemplateFault("a format ends inside a place");
        return new Field(name, flagText, width, precision, format[i]);
    }

    static int ReadNumber(string format, ref int start, ref int i, out string before)
    {
        before = format[start..i];
        var number = 0;
        for (; i < format.Length && char.IsAsciiDigit(format[i]); i++)
            number = Math.Min(LargestWidth, (number * 10) + format[i] - '0');
        return number;
    }

    static string Convert(Field field, Value value, RenderBudget budget)
    {
        switch (field.Kind)
        {
            case 's': return Cut(ValueText.Print(value, budget), field.Precision);
            case 'r': return Cut(ValueText.Represent(value, budget), field.Precision);
            case 'd' or 'i' or 'u': return Signed(Whole(value).ToString(CultureInfo.InvariantCulture), field);
            case 'x': return Signed(Hexadecimal(Whole(value)), field);
            case 'X': return Signed(Hexadecimal(Whole(value)).ToUpperInvariant(), field);
            case 'f' or 'F': return Signed(Fixed(Number(value), field.Precision < 0 ? 6 : field.Precision), field);
            default: throw new TemplateGap($"the format '%{field.Kind}'");
        }
    }

    static string Pad(string text, Field field)
    {
        if (field.Flags.Contains('-')) return text.PadRight(field.Width);
        var isZeroPadded = field.Flags.Contains('0') && field.Kind is not ('s' or 'r');
        if (!isZeroPadded) return text.PadLeft(field.Width);
        var sign = text.Length > 0 && text[0] is '-' or '+' ? 1 : 0;
        return text[..sign] + text[sign..].PadLeft(field.Width - sign < 0 ? 0 : field.Width - sign, '0');
    }

    static string Signed(string digits, Field field) => digits[0] == '-' ? digits
        : field.Flags.Contains('+') ? "+" + digits
        : field.Flags.Contains(' ') ? " " + digits : digits;

    static string Cut(string text, int length) => length >= 0 && length < text.Length ? text[..length] : text;

    static string Fixed(double number, int decimals) => number.ToString("F" + decimals, CultureInfo.InvariantCulture);

    static string Hexadecimal(long number)
    {
        var digits = Int128.Abs(number).ToString("x", CultureInfo.InvariantCulture).TrimStart('0');
        return (number < 0 ? "-" : "") + (digits.Length == 0 ? "0" : digits);
    }

    static long Whole(Value value) => Math.Abs(Number(value)) < 9.2e18
        ? value is IntegerValue integer ? integer.Number : (long)Number(value)
        : throw new TemplateFault("a number of a format is too large");

    static double Number(Value value) =>
        ValueComparison.TryNumber(value, out var number) ? number : throw new TemplateFault($"a format needs a number, found a {value.TypeName}");

    readonly record struct Field(string? Name, string Flags, int Width, int Precision, char Kind);
}
