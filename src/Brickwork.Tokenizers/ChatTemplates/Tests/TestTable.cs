using System.Collections.Frozen;
using Brickwork.Tokenizers.ChatTemplates.Evaluation;
using Brickwork.Tokenizers.ChatTemplates.Filters;
using Brickwork.Tokenizers.ChatTemplates.Values;

namespace Brickwork.Tokenizers.ChatTemplates.Tests;

/// <summary>All tests by name: <c>value is name</c>.</summary>
static class TestTable
{
    static readonly FrozenDictionary<string, Test> Tests = Collect();

    /// <summary>The test of this name, or null.</summary>
    public static Test? Find(string name) => Tests.GetValueOrDefault(name);

    static FrozenDictionary<string, Test> Collect()
    {
        var tests = new Dictionary<string, Test>();
        AddTypes(tests);
        AddTexts(tests);
        AddComparisons(tests);
        tests["odd"] = (value, _, _) => Remainder(value, 2) == 1;
        tests["even"] = (value, _, _) => Remainder(value, 2) == 0;
        tests["divisibleby"] = (value, arguments, _) => Remainder(value, arguments.Bind("divisibleby", "num").Integer(0, 0)) == 0;
        tests["filter"] = (value, _, _) => value is TextValue name && FilterTable.Find(name.Text) is not null;
        tests["test"] = (value, _, _) => value is TextValue name && Find(name.Text) is not null;
        return tests.ToFrozenDictionary();
    }

    static void AddTypes(Dictionary<string, Test> tests)
    {
        AddPredicate(tests, "defined", value => value is not UndefinedValue);
        AddPredicate(tests, "undefined", value => value is UndefinedValue);
        AddPredicate(tests, "none", value => value is NoneValue);
        AddPredicate(tests, "boolean", value => value is BooleanValue);
        AddPredicate(tests, "true", value => value == BooleanValue.True);
        AddPredicate(tests, "false", value => value == BooleanValue.False);
        AddPredicate(tests, "integer", value => value is IntegerValue);
        AddPredicate(tests, "float", value => value is FloatValue);
        AddPredicate(tests, "number", value => value is IntegerValue or FloatValue or BooleanValue);
        AddPredicate(tests, "string", value => value is TextValue);
        AddPredicate(tests, "mapping", value => value is MapValue);
        AddPredicate(tests, "sequence", value => value is TextValue or ListValue or MapValue or UndefinedValue);
        AddPredicate(tests, "iterable", Sequences.IsIterable);
        AddPredicate(tests, "callable", value => value is CallableValue);
        AddPredicate(tests, "escaped", _ => false);
    }

    static void AddTexts(Dictionary<string, Test> tests)
    {
        tests["lower"] = (value, _, context) => IsCased(ValueText.Print(value, context.Budget), char.IsUpper, char.IsLower);
        tests["upper"] = (value, _, context) => IsCased(ValueText.Print(value, context.Budget), char.IsLower, char.IsUpper);
    }

    static bool IsCased(string text, Func<char, bool> forbidden, Func<char, bool> wanted) => !text.Any(forbidden) && text.Any(wanted);

    static void AddComparisons(Dictionary<string, Test> tests)
    {
        AddComparison(tests, ["eq", "equalto", "=="], ValueComparison.AreEqual);
        AddComparison(tests, ["ne", "!="], (left, right, budget, depth) => !ValueComparison.AreEqual(left, right, budget, depth));
        AddComparison(tests, ["lt", "lessthan", "<"], (left, right, budget, depth) => ValueComparison.Compare(left, right, budget, depth) < 0);
        AddComparison(tests, ["le", "<="], (left, right, budget, depth) => ValueComparison.Compare(left, right, budget, depth) <= 0);
        AddComparison(tests, ["gt", "greaterthan", ">"], (left, right, budget, depth) => ValueComparison.Compare(left, right, budget, depth) > 0);
        AddComparison(tests, ["ge", ">="], (left, right, budget, depth) => ValueComparison.Compare(left, right, budget, depth) >= 0);
        AddComparison(tests, ["in"], (left, right, budget, _) => ValueComparison.Contains(right, left, budget));
        AddComparison(tests, ["sameas"], (left, right, budget, _) => ReferenceEquals(left, right)
            || (left is IntegerValue or TextValue && left.GetType() == right.GetType() && ValueComparison.AreEqual(left, right, budget)));
    }

    static void AddPredicate(Dictionary<string, Test> tests, string name, Predicate<Value> holds) => tests[name] = (value, arguments, _) =>
    {
        arguments.Bind(name);
        return holds(value);
    };

    static void AddComparison(Dictionary<string, Test> tests, string[] names, Func<Value, Value, RenderBudget, int, bool> holds)
    {
        foreach (var name in names)
            tests[name] = (value, arguments, context) => holds(value, arguments.Single(name), context.Budget, 0);
    }

    static double Remainder(Value value, long divisor)
    {
        if (!ValueComparison.TryNumber(value, out var number))
            throw new TemplateFault($"a {value.TypeName} cannot be divided");
        if (divisor == 0)
            throw new TemplateFault("division by zero");
        return number - (Math.Floor(number / divisor) * divisor);
    }
}
