using Brickwork.Tokenizers.ChatTemplates.Syntax;
using Brickwork.Tokenizers.ChatTemplates.Values;

namespace Brickwork.Tokenizers.ChatTemplates.Evaluation;

/// <summary>Finds the value of an expression.</summary>
sealed class Evaluator(RenderContext context)
{
    public Value Evaluate(Expression expression, Scope scope)
    {
        context.Enter(expression.At);
        return expression switch
        {
            Constant constant => constant.Value,
            Variable variable => scope.Get(variable.Name),
            AttributeAccess access => Attribute(access, scope),
            Subscript subscript => SubscriptOf(subscript, scope),
            Slice slice => SliceOf(slice, scope),
            FilterUse filter => Apply(filter, Evaluate(filter.Input!, scope), scope),
            TestUse test => Value.Of(IsTrue(test, scope)),
            Call call => CallOf(call, scope),
            Conditional conditional => Choose(conditional, scope),
            Unary unary => Apply(unary, scope),
            Binary binary => Apply(binary, scope),
            Comparison comparison => Value.Of(Holds(comparison, scope)),
            ListLiteral list => new ListValue(EvaluateAll(list.Items, scope)),
            TupleLiteral tuple => new ListValue(EvaluateAll(tuple.Items, scope), isTuple: true),
            MapLiteral map => MapOf(map, scope),
            _ => throw new InvalidOperationException($"no evaluation of {expression.GetType()}"),
        };
    }

    public bool IsTrue(Expression expression, Scope scope) => Evaluate(expression, scope).IsTrue;

    /// <summary>Runs the filters of a filter block on its text.</summary>
    public Value ApplyToText(FilterUse filter, string text, Scope scope)
    {
        var input = filter.Input is FilterUse inner ? ApplyToText(inner, text, scope) : Value.Of(text);
        return Apply(filter, input, scope);
    }

    public Arguments EvaluateArguments(CallArguments arguments, Scope scope)
    {
        if (arguments.Positional.Length == 0 && arguments.Named.Length == 0)
            return Arguments.None;
        var positional = Array.ConvertAll(arguments.Positional, argument => Evaluate(argument, scope));
        var named = Array.ConvertAll(arguments.Named, argument => (argument.Name, Evaluate(argument.Value, scope)));
        return new Arguments(positional, named);
    }

    List<Value> EvaluateAll(Expression[] expressions, Scope scope)
    {
        var values = new List<Value>(expressions.Length);
        foreach (var expression in expressions)
            values.Add(Evaluate(expression, scope));
        return values;
    }

    MapValue MapOf(MapLiteral literal, Scope scope)
    {
        var map = new MapValue();
        foreach (var (key, value) in literal.Entries)
            map.Set(Evaluate(key, scope), Evaluate(value, scope));
        return map;
    }

    Value Attribute(AttributeAccess access, Scope scope)
    {
        var target = Evaluate(access.Target, scope);
        context.At = access.At;
        return Members.Attribute(target, access.Name);
    }

    Value SubscriptOf(Subscript subscript, Scope scope)
    {
        var target = Evaluate(subscript.Target, scope);
        var index = Evaluate(subscript.Index, scope);
        context.At = subscript.At;
        return Members.Item(target, index, context.Budget);
    }

    Value SliceOf(Slice slice, Scope scope)
    {
        var target = Evaluate(slice.Target, scope);
        var start = slice.Start is null ? null : Evaluate(slice.Start, scope);
        var stop = slice.Stop is null ? null : Evaluate(slice.Stop, scope);
        var step = slice.Step is null ? null : Evaluate(slice.Step, scope);
        context.At = slice.At;
        return Slicing.Slice(target, start, stop, step, context.Budget);
    }

    Value Apply(FilterUse filter, Value input, Scope scope)
    {
        var arguments = EvaluateArguments(filter.Arguments, scope);
        context.At = filter.At;
        if (filter.Run is null)
            throw new TemplateGap($"the filter '{filter.Name}'");
        return filter.Run(input, arguments, context);
    }

    bool IsTrue(TestUse test, Scope scope)
    {
        var input = Evaluate(test.Input, scope);
        var arguments = EvaluateArguments(test.Arguments, scope);
        context.At = test.At;
        if (test.Run is null)
            throw new TemplateGap($"the test '{test.Name}'");
        return test.Run(input, arguments, context);
    }

    Value CallOf(Call call, Scope scope)
    {
        var target = Evaluate(call.Target, scope);
        var arguments = EvaluateArguments(call.Arguments, scope);
        context.At = call.At;
        return Invoke(target, arguments);
    }

    public Value Invoke(Value target, Arguments arguments) => target switch
    {
        CallableValue callable => callable.Run(arguments, context),
        UndefinedValue undefined => throw new TemplateFault(undefined.Description),
        _ => throw new TemplateFault($"a {target.TypeName} cannot be called"),
    };

    Value Choose(Conditional conditional, Scope scope)
    {
        if (IsTrue(conditional.Condition, scope))
            return Evaluate(conditional.Then, scope);
        return conditional.Otherwise is null
            ? new UndefinedValue("the inline if has no else and its condition is false")
            : Evaluate(conditional.Otherwise, scope);
    }

    Value Apply(Unary unary, Scope scope)
    {
        var operand = Evaluate(unary.Operand, scope);
        context.At = unary.At;
        return unary.Operator == UnaryOperator.Not ? Value.Of(!operand.IsTrue) : Arithmetic.Signed(unary.Operator, operand);
    }

    Value Apply(Binary binary, Scope scope)
    {
        var left = Evaluate(binary.Left, scope);
        if (binary.Operator is BinaryOperator.And or BinaryOperator.Or)
            return left.IsTrue == (binary.Operator == BinaryOperator.And) ? Evaluate(binary.Right, scope) : left;
        var right = Evaluate(binary.Right, scope);
        context.At = binary.At;
        return Arithmetic.Apply(binary.Operator, left, right, context.Budget);
    }

    bool Holds(Comparison comparison, Scope scope)
    {
        var left = Evaluate(comparison.First, scope);
        foreach (var (operation, operand) in comparison.Rest)
        {
            var right = Evaluate(operand, scope);
            context.At = comparison.At;
            if (!Holds(operation, left, right)) return false;
            left = right;
        }
        return true;
    }

    bool Holds(ComparisonOperator operation, Value left, Value right) => operation switch
    {
        ComparisonOperator.Equal => ValueComparison.AreEqual(left, right, context.Budget),
        ComparisonOperator.NotEqual => !ValueComparison.AreEqual(left, right, context.Budget),
        ComparisonOperator.In => ValueComparison.Contains(right, left, context.Budget),
        ComparisonOperator.NotIn => !ValueComparison.Contains(right, left, context.Budget),
        ComparisonOperator.Less => Compare(left, right) < 0,
        ComparisonOperator.LessOrEqual => Compare(left, right) <= 0,
        ComparisonOperator.Greater => Compare(left, right) > 0,
        _ => Compare(left, right) >= 0,
    };

    int Compare(Value left, Value right) => ValueComparison.Compare(left, right, context.Budget);
}
