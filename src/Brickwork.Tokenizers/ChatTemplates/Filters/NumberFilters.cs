using System.Globalization;
using Brickwork.Tokenizers.ChatTemplates.Evaluation;
using Brickwork.Tokenizers.ChatTemplates.Syntax;
using Brickwork.Tokenizers.ChatTemplates.Values;

namespace Brickwork.Tokenizers.ChatTemplates.Filters;

/// <summary>Filters over numbers.</summary>
static class NumberFilters
{
    public static void AddTo(Dictionary<string, Filter> filters)
    {
        filters["int"] = Integer;
        filters["float"] = Float;
        filters["round"] = Round;
        filters["abs"] = Absolute;
        filters["sum"] = Sum;
    }

    static Value Integer(Value input, Arguments arguments, RenderContext context)
    {
        var bound = arguments.Bind("int", "default", "base");
        var fallback = bound.IsGiven(0) ? bound.Required(0) : Value.Of(0);
        return input switch
        {
            IntegerValue => input,
            BooleanValue => Value.Of(input.IsTrue ? 1 : 0),
            FloatValue number => Truncated(number.Number) ?? fallback,
            TextValue text => Parse(text.Text, bound.Integer(1, 10)) ?? fallback,
            UndefinedValue undefined => throw new TemplateFault(undefined.Description),
            _ => fallback,
        };
    }

    static Value? Parse(string text, long numberBase)
    {
        var digits = text.Trim().Replace("_", "", StringComparison.Ordinal);
        if (numberBase is 2 or 8 or 16)
            return ParseWithBase(digits, (int)numberBase);
        if (long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer))
            return Value.Of(integer);
        return TryFloat(digits, out var number) ? Truncated(number) : null;
    }

    static Value? ParseWithBase(string digits, int numberBase)
    {
        var prefix = numberBase switch { 2 => "0b", 8 => "0o", _ => "0x" };
        if (digits.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)) digits = digits[2..];
        Int128 result = 0;
        foreach (var digit in digits)
        {
            var value = char.IsAsciiHexDigit(digit) ? int.Parse([digit], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) : int.MaxValue;
            result = (result * numberBase) + value;
            if (value >= numberBase || result > long.MaxValue) return null;
        }
        return digits.Length == 0 ? null : Value.Of((long)result);
    }

    static Value? Truncated(double number) => Math.Abs(number) < 9.2e18 ? Value.Of((long)number) : null;

    static Value Float(Value input, Arguments arguments, RenderContext context)
    {
        var bound = arguments.Bind("float", "default");
        var fallback = bound.IsGiven(0) ? bound.Required(0) : new FloatValue(0);
        if (input is UndefinedValue undefined)
            throw new TemplateFault(undefined.Description);
        if (ValueComparison.TryNumber(input, out var number) || (input is TextValue text && TryFloat(text.Text.Trim(), out number)))
            return new FloatValue(number);
        return fallback;
    }

    static bool TryFloat(string text, out double number) => double.TryParse(
        text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out number);

    static Value Round(Value input, Arguments arguments, RenderContext context)
    {
        var bound = arguments.Bind("round", "precision", "method");
        var precision = bound.Integer(0, 0);
        var method = bound.Text(1) ?? "common";
        if (!ValueComparison.TryNumber(input, out var number))
            throw new TemplateFault($"round needs a number, found a {input.TypeName}");
        if (method is not ("common" or "ceil" or "floor"))
            throw new TemplateFault($"round knows the methods common, ceil and floor, found '{method}'");
        if (method == "common" && input is IntegerValue integer)
            return RoundWhole(integer, precision);

        var scale = Math.Pow(10, Math.Clamp(precision, -300, 300));
        return new FloatValue(method switch
        {
            "ceil" => Math.Ceiling(number * scale) / scale,
            "floor" => Math.Floor(number * scale) / scale,
            _ when precision is >= 0 and <= 15 => RoundDecimals(number, (int)precision),
            _ => Math.Round(number * scale, MidpointRounding.ToEven) / scale,
        });
    }

    static IntegerValue RoundWhole(IntegerValue input, long precision)
    {
        if (precision >= 0)
            return input;
        if (precision < -18)
            return new IntegerValue(0);
        var scale = (decimal)Math.Pow(10, -precision);
        var rounded = Math.Round(input.Number / scale, MidpointRounding.ToEven) * scale;
        return Math.Abs(rounded) <= long.MaxValue ? new IntegerValue((long)rounded) : throw new TemplateFault("a rounded number is too large");
    }

    // The decimal digits of the exact binary number decide, as in Python: 2.675 is a little less, so it becomes 2.67.
    static double RoundDecimals(double number, int precision)
    {
        var isTie = double.IsInteger(Math.ScaleB(number, precision + 1))
            && number.ToString("F" + (precision + 1), CultureInfo.InvariantCulture).EndsWith('5');
        return isTie
            ? Math.Round(number, precision, MidpointRounding.ToEven)
            : double.Parse(number.ToString("F" + precision, CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
    }

    static Value Absolute(Value input, Arguments arguments, RenderContext context)
    {
        arguments.Bind("abs");
        return ValueComparison.TryNumber(input, out var number) && number < 0
            ? Arithmetic.Signed(UnaryOperator.Negate, input)
            : Arithmetic.Signed(UnaryOperator.Plus, input);
    }

    static Value Sum(Value input, Arguments arguments, RenderContext context)
    {
        var bound = arguments.Bind("sum", "attribute", "start");
        var sum = bound.IsGiven(1) ? bound.Required(1) : Value.Of(0);
        foreach (var item in Sequences.Items(input, context.Budget))
        {
            var value = bound[0] is null or NoneValue ? item : AttributePath.Get(item, bound.Required(0), context.Budget);
            sum = Arithmetic.Apply(BinaryOperator.Add, sum, value, context.Budget);
        }
        return sum;
    }
}
