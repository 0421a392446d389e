using Brickwork.Tokenizers.ChatTemplates.Syntax;
using Brickwork.Tokenizers.ChatTemplates.Values;

namespace Brickwork.Tokenizers.ChatTemplates.Evaluation;

/// <summary>Defines and calls macros. A macro sees the variables around its definition, and <c>caller</c>, <c>varargs</c>, <c>kwargs</c>.</summary>
sealed class MacroCalls(Renderer renderer, Evaluator evaluator, RenderContext context)
{
    public CallableValue Define(string name, Function function, Scope home) =>
        new(name, (arguments, _) => Run(name, function, arguments, home));

    /// <summary>Runs a call block: its body becomes the argument <c>caller</c>.</summary>
    public Value Call(CallBlock block, Scope scope)
    {
        var target = evaluator.Evaluate(block.Call.Target, scope);
        var arguments = evaluator.EvaluateArguments(block.Call.Arguments, scope);
        var caller = Define("caller", block.Caller, scope);
        context.At = block.At;
        return evaluator.Invoke(target, new Arguments(arguments.Positional, [.. arguments.Named, ("caller", caller)]));
    }

    TextValue Run(string name, Function function, Arguments arguments, Scope home)
    {
        context.EnterCall();
        var scope = new Scope(home);
        Bind(name, function, arguments, scope);
        var text = renderer.Render(function.Body, scope);
        context.LeaveCall();
        return new TextValue(text);
    }

    void Bind(string name, Function function, Arguments arguments, Scope scope)
    {
        var positional = arguments.Positional;
        var named = new Dictionary<string, Value>();
        foreach (var (given, value) in arguments.Named)
            if (!named.TryAdd(given, value)) throw new TemplateFault($"the macro '{name}' gets its argument '{given}' twice");

        for (var i = 0; i < function.Parameters.Length; i++)
        {
            var parameter = function.Parameters[i];
            var isNamed = named.Remove(parameter.Name, out var value);
            if (isNamed && i < positional.Length)
                throw new TemplateFault($"the macro '{name}' gets its argument '{parameter.Name}' twice");
            if (i < positional.Length)
                value = positional[i];
            scope.Set(parameter.Name, value ?? Default(parameter, scope));
        }
        BindSurplus(name, function, [.. positional.Skip(function.Parameters.Length)], named, scope);
    }

    Value Default(Parameter parameter, Scope scope) => parameter.Default is { } fallback
        ? evaluator.Evaluate(fallback, scope)
        : new UndefinedValue($"parameter '{parameter.Name}' was not provided");

    static void BindSurplus(string name, Function function, List<Value> positional, Dictionary<string, Value> named, Scope scope)
    {
        if (function.Implicit.Contains("caller"))
            scope.Set("caller", named.Remove("caller", out var caller) ? caller : new UndefinedValue("no caller is defined"));
        if (function.Implicit.Contains("varargs"))
            scope.Set("varargs", new ListValue(positional, isTuple: true));
        else if (positional.Count > 0)
            throw new TemplateFault($"the macro '{name}' takes at most {function.Parameters.Length} arguments");
        if (function.Implicit.Contains("kwargs"))
            scope.Set("kwargs", MapOf(named));
        else if (named.Count > 0)
            throw new TemplateFault($"the macro '{name}' has no argument '{named.Keys.First()}'");
    }

    static MapValue MapOf(Dictionary<string, Value> named)
    {
        var map = new MapValue();
        foreach (var (name, value) in named)
            map.Set(name, value);
        return map;
    }
}
