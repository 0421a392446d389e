using Brickwork.Tokenizers.ChatTemplates.Values;

namespace Brickwork.Tokenizers.ChatTemplates.Evaluation;

/// <summary>The functions that every template may call.</summary>
static class GlobalFunctions
{
    public static void AddTo(Scope scope)
    {
        Add(scope, "range", Range);
        Add(scope, "dict", (arguments, _) => Dict(arguments));
        Add(scope, "namespace", (arguments, _) => Namespace(arguments));
        Add(scope, "joiner", (arguments, _) => Joiner(arguments));
        Add(scope, "cycler", (arguments, _) => Cycler(arguments));
        Add(scope, "raise_exception", Refuse);
        Add(scope, "strftime_now", FormatNow);
    }

    static void Add(Scope scope, string name, Func<Arguments, RenderContext, Value> run) => scope.Set(name, new CallableValue(name, run));

    static Value Refuse(Arguments arguments, RenderContext context) =>
        throw new TemplateRefusal(ValueText.Print(arguments.Single("raise_exception"), context.Budget));

    static TextValue FormatNow(Arguments arguments, RenderContext context) =>
        new(Strftime.Format(context.Clock.GetLocalNow(), arguments.Bind("strftime_now", "format").RequiredText(0)));

    static ListValue Range(Arguments arguments, RenderContext context)
    {
        var bound = arguments.Bind("range", "start", "stop", "step");
        var isEndOnly = !bound.IsGiven(1);
        bound.Required(0);
        var start = isEndOnly ? 0 : bound.Integer(0, 0);
        var stop = isEndOnly ? bound.Integer(0, 0) : bound.Integer(1, 0);
        var step = bound.Integer(2, 1);
        if (step == 0)
            throw new TemplateFault("the step of a range is zero");

        var items = new List<Value>();
        for (Int128 number = start; step > 0 ? number < stop : number > stop; number += step)
        {
            if (items.Count >= RenderLimits.ListLength)
                throw new TemplateFault($"a range holds more than {RenderLimits.ListLength} numbers");
            items.Add(Value.Of((long)number));
        }
        context.Budget.Spend(items.Count);
        return new ListValue(items);
    }

    static MapValue Dict(Arguments arguments)
    {
        var map = new MapValue();
        foreach (var source in arguments.Positional)
        {
            if (source is not MapValue given)
                throw new TemplateFault($"dict copies a dict, found a {source.TypeName}");
            foreach (var (key, value) in given.Entries) map.Set(key, value);
        }
        foreach (var (name, value) in arguments.Named) map.Set(name, value);
        return map;
    }

    static NamespaceValue Namespace(Arguments arguments)
    {
        var attributes = new Dictionary<string, Value>();
        foreach (var (key, value) in Dict(arguments).Entries)
            attributes[key is TextValue name ? name.Text : throw new TemplateFault("the attributes of a namespace are named by strs")] = value;
        return new NamespaceValue(attributes);
    }

    // Prints nothing the first time and the separator from then on.
    static CallableValue Joiner(Arguments arguments)
    {
        var separator = Value.Of(arguments.Bind("joiner", "sep").Text(0) ?? ", ");
        var isFirst = true;
        return new CallableValue("joiner", (_, _) =>
        {
            (var wasFirst, isFirst) = (isFirst, false);
            return wasFirst ? Value.Of("") : separator;
        });
    }

    static MapValue Cycler(Arguments arguments)
    {
        var items = arguments.Positional;
        if (items.Length == 0)
            throw new TemplateFault("cycler needs values");
        var next = 0;
        var cycler = new MapValue();
        cycler.Set("next", new CallableValue("next", (_, _) => items[next++ % items.Length]));
        cycler.Set("reset", new CallableValue("reset", (_, _) => Value.Of(next = 0)));
        return cycler;
    }
}
