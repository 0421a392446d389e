using System.Text;
using Brickwork.Tokenizers.ChatTemplates.Methods;
using Brickwork.Tokenizers.ChatTemplates.Syntax;
using Brickwork.Tokenizers.ChatTemplates.Values;

namespace Brickwork.Tokenizers.ChatTemplates.Evaluation;

/// <summary>The operators + - * / // % ** ~ with Python's rules.</summary>
static class Arithmetic
{
    public static Value Apply(BinaryOperator operation, Value left, Value right, RenderBudget budget)
    {
        if (operation == BinaryOperator.Concatenate)
            return Join(ValueText.Print(left, budget), ValueText.Print(right, budget), budget);
        foreach (var operand in (ReadOnlySpan<Value>)[left, right])
            if (operand is UndefinedValue undefined) throw new TemplateFault(undefined.Description);

        return (operation, left, right) switch
        {
            (BinaryOperator.Add, TextValue a, TextValue b) => Join(a.Text, b.Text, budget),
            (BinaryOperator.Add, ListValue a, ListValue b) when a.IsTuple == b.IsTuple => Join(a, b, budget),
            (BinaryOperator.Multiply, TextValue or ListValue, IntegerValue or BooleanValue) => Repeat(left, Integer(right), budget),
            (BinaryOperator.Multiply, IntegerValue or BooleanValue, TextValue or ListValue) => Repeat(right, Integer(left), budget),
            (BinaryOperator.Remainder, TextValue format, _) => Value.Of(PercentFormat.Format(format.Text, right, budget)),
            _ => Calculate(operation, left, right),
        };
    }

    public static Value Signed(UnaryOperator operation, Value operand) => operand switch
    {
        FloatValue number => new FloatValue(operation == UnaryOperator.Negate ? -number.Number : number.Number),
        IntegerValue or BooleanValue when operation == UnaryOperator.Negate => Value.Of(Calculate(BinaryOperator.Subtract, 0, Integer(operand))),
        IntegerValue or BooleanValue => Value.Of(Integer(operand)),
        UndefinedValue undefined => throw new TemplateFault(undefined.Description),
        _ => throw new TemplateFault($"a {operand.TypeName} has no sign"),
    };

    static Value Calculate(BinaryOperator operation, Value left, Value right)
    {
        if (!ValueComparison.TryNumber(left, out var x) || !ValueComparison.TryNumber(right, out var y))
            throw new TemplateFault($"'{Sign(operation)}' does not work on a {left.TypeName} and a {right.TypeName}");
        if (operation is BinaryOperator.Divide or BinaryOperator.FloorDivide or BinaryOperator.Remainder && y == 0)
            throw new TemplateFault("division by zero");
        var areIntegers = left is not FloatValue && right is not FloatValue;
        if (areIntegers && operation != BinaryOperator.Divide && !(operation == BinaryOperator.Power && y < 0))
            return Value.Of(Calculate(operation, Integer(left), Integer(right)));
        return new FloatValue(operation switch
        {
            BinaryOperator.Add => x + y,
            BinaryOperator.Subtract => x - y,
            BinaryOperator.Multiply => x * y,
            BinaryOperator.Divide => x / y,
            BinaryOperator.FloorDivide => Math.Floor(x / y),
            BinaryOperator.Remainder => x - (Math.Floor(x / y) * y),
            _ => Math.Pow(x, y),
        });
    }

    static long Calculate(BinaryOperator operation, long x, long y)
    {
        try
        {
            return checked(operation switch
            {
                BinaryOperator.Add => x + y,
                BinaryOperator.Subtract => x - y,
                BinaryOperator.Multiply => x * y,
                BinaryOperator.FloorDivide => FloorDivide(x, y),
                BinaryOperator.Remainder => y is 1 or -1 ? 0 : ((x % y) + y) % y,
                _ => Power(x, y),
            });
        }
        catch (OverflowException)
        {
            throw new TemplateFault($"the result of {x} {Sign(operation)} {y} is too large");
        }
    }

    static long FloorDivide(long x, long y)
    {
        var quotient = checked(x / y);
        return x % y != 0 && (x < 0) != (y < 0) ? quotient - 1 : quotient;
    }

    static long Power(long x, long exponent)
    {
        if (x is 0 or 1) return exponent == 0 ? 1 : x;
        if (x == -1) return exponent % 2 == 0 ? 1 : -1;
        long result = 1;
        for (; exponent > 0; exponent--) result = checked(result * x);
        return result;
    }

    static Value Join(string left, string right, RenderBudget budget)
    {
        RenderBudget.CheckLength((long)left.Length + right.Length);
        budget.SpendText((long)left.Length + right.Length);
        return Value.Of(left + right);
    }

    static ListValue Join(ListValue left, ListValue right, RenderBudget budget)
    {
        budget.CopyItems((long)left.Items.Count + right.Items.Count);
        return new ListValue([.. left.Items, .. right.Items], left.IsTuple);
    }

    static Value Repeat(Value value, long count, RenderBudget budget)
    {
        count = Math.Clamp(count, 0, int.MaxValue);
        if (value is TextValue text)
        {
            RenderBudget.CheckLength(text.Text.Length * count);
            budget.SpendText(text.Text.Length * count);
            return Value.Of(text.Text.Length == 0 ? "" : new StringBuilder().Insert(0, text.Text, (int)count).ToString());
        }
        var list = (ListValue)value;
        budget.CopyItems(list.Items.Count * count);
        var repeated = list.Items.Count == 0 ? [] : Enumerable.Repeat(list.Items, (int)count).SelectMany(items => items);
        return new ListValue([.. repeated], list.IsTuple);
    }

    static long Integer(Value value) => value is IntegerValue integer ? integer.Number : value.IsTrue ? 1 : 0;

    static string Sign(BinaryOperator operation) => operation switch
    {
        BinaryOperator.Add => "+",
        BinaryOperator.Subtract => "-",
        BinaryOperator.Multiply => "*",
        BinaryOperator.Divide => "/",
        BinaryOperator.FloorDivide => "//",
        BinaryOperator.Remainder => "%",
        _ => "**",
    };
}
