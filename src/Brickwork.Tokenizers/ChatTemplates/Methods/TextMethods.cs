using System.Collections.Frozen;
using Brickwork.Tokenizers.ChatTemplates.Evaluation;
using Brickwork.Tokenizers.ChatTemplates.Values;

namespace Brickwork.Tokenizers.ChatTemplates.Methods;

/// <summary>The methods of Python's <c>str</c> that templates use.</summary>
static class TextMethods
{
    delegate Value Method(string text, Arguments arguments, RenderContext context);

    static readonly FrozenDictionary<string, Method> Methods = Collect();

    public static Value? Find(TextValue receiver, string name) => !Methods.TryGetValue(name, out var method) ? null
        : new CallableValue(name, (arguments, context) =>
        {
            context.Budget.SpendText(receiver.Text.Length);
            return method(receiver.Text, arguments, context);
        });

    static FrozenDictionary<string, Method> Collect()
    {
        var methods = new Dictionary<string, Method>();
        AddChanges(methods);
        AddQuestions(methods);
        TextSplitting.AddTo((name, run) => methods[name] = (text, arguments, context) => run(text, arguments, context.Budget));
        methods["replace"] = Replace;
        methods["join"] = (text, arguments, context) =>
            Value.Of(TextReplacement.Join(text, Sequences.Items(arguments.Single("join"), context.Budget).ConvertAll(RequireText), context.Budget));
        methods["format"] = (text, arguments, context) => Value.Of(BraceFormat.Format(text, arguments, context.Budget));
        return methods.ToFrozenDictionary();
    }

    static void AddChanges(Dictionary<string, Method> methods)
    {
        AddChange(methods, "upper", text => text.ToUpperInvariant());
        AddChange(methods, "lower", text => text.ToLowerInvariant());
        AddChange(methods, "casefold", text => text.ToLowerInvariant());
        AddChange(methods, "title", TextCase.CapitalizeRuns);
        AddChange(methods, "capitalize", TextCase.Capitalize);
        AddChange(methods, "swapcase", TextCase.Swap);
        AddStrip(methods, "strip", Edges.Both);
        AddStrip(methods, "lstrip", Edges.Start);
        AddStrip(methods, "rstrip", Edges.End);
        methods["removeprefix"] = (text, arguments, _) => RemovePrefix(text, arguments.Bind("removeprefix", "prefix").RequiredText(0));
        methods["removesuffix"] = (text, arguments, _) => RemoveSuffix(text, arguments.Bind("removesuffix", "suffix").RequiredText(0));
        methods["ljust"] = (text, arguments, context) => Value.Of(text + Padding("ljust", text, arguments, context));
        methods["rjust"] = (text, arguments, context) => Value.Of(Padding("rjust", text, arguments, context) + text);
    }

    static void AddQuestions(Dictionary<string, Method> methods)
    {
        AddQuestion(methods, "isdigit", text => text.Length > 0 && text.All(char.IsDigit));
        AddQuestion(methods, "isnumeric", text => text.Length > 0 && text.All(char.IsNumber));
        AddQuestion(methods, "isalpha", text => text.Length > 0 && text.All(char.IsLetter));
        AddQuestion(methods, "isalnum", text => text.Length > 0 && text.All(char.IsLetterOrDigit));
        AddQuestion(methods, "isspace", text => text.Length > 0 && text.All(char.IsWhiteSpace));
        AddQuestion(methods, "isupper", text => text.Any(char.IsUpper) && !text.Any(char.IsLower));
        AddQuestion(methods, "islower", text => text.Any(char.IsLower) && !text.Any(char.IsUpper));
        methods["startswith"] = (text, arguments, _) =>
            MatchesAny(arguments.Bind("startswith", "prefix").Required(0), part => text.StartsWith(part, StringComparison.Ordinal));
        methods["endswith"] = (text, arguments, _) =>
            MatchesAny(arguments.Bind("endswith", "suffix").Required(0), part => text.EndsWith(part, StringComparison.Ordinal));
        methods["find"] = (text, arguments, _) => Value.Of(Place(text, arguments, "find", fromEnd: false));
        methods["rfind"] = (text, arguments, _) => Value.Of(Place(text, arguments, "rfind", fromEnd: true));
        methods["index"] = (text, arguments, _) => Place(text, arguments, "index", fromEnd: false) is >= 0 and var place
            ? Value.Of(place)
            : throw new TemplateFault("the text of 'index' was not found");
        methods["count"] = (text, arguments, _) => Value.Of(Count(text, arguments.Bind("count", "sub").RequiredText(0)));
    }

    static void AddChange(Dictionary<string, Method> methods, string name, Func<string, string> change) => methods[name] = (text, arguments, _) =>
    {
        arguments.Bind(name);
        return Value.Of(change(text));
    };

    static void AddQuestion(Dictionary<string, Method> methods, string name, Predicate<string> holds) => methods[name] = (text, arguments, _) =>
    {
        arguments.Bind(name);
        return Value.Of(holds(text));
    };

    static void AddStrip(Dictionary<string, Method> methods, string name, Edges edges) =>
        methods[name] = (text, arguments, _) => Value.Of(TextEdges.Strip(text, arguments.Bind(name, "chars").Text(0), edges));

    static Value Replace(string text, Arguments arguments, RenderContext context)
    {
        var bound = arguments.Bind("replace", "old", "new", "count");
        return Value.Of(TextReplacement.Replace(text, bound.RequiredText(0), bound.RequiredText(1), bound.Integer(2, -1), context.Budget));
    }

    static Value RequireText(Value item) =>
        item is TextValue ? item : throw new TemplateFault($"'join' joins strs, found a {item.TypeName}");

    static Value RemovePrefix(string text, string prefix) =>
        Value.Of(text.StartsWith(prefix, StringComparison.Ordinal) ? text[prefix.Length..] : text);

    static Value RemoveSuffix(string text, string suffix) =>
        Value.Of(text.EndsWith(suffix, StringComparison.Ordinal) ? text[..^suffix.Length] : text);

    static Value MatchesAny(Value parts, Predicate<string> matches) => parts switch
    {
        TextValue part => Value.Of(matches(part.Text)),
        ListValue { IsTuple: true } several => Value.Of(several.Items.Exists(part => part is TextValue text && matches(text.Text))),
        _ => throw new TemplateFault($"expected a str or a tuple of strs, found a {parts.TypeName}"),
    };

    // Places count code points.
    static long Place(string text, Arguments arguments, string name, bool fromEnd)
    {
        var part = arguments.Bind(name, "sub").RequiredText(0);
        var place = fromEnd ? text.LastIndexOf(part, StringComparison.Ordinal) : text.IndexOf(part, StringComparison.Ordinal);
        return place < 0 ? -1 : Slicing.Length(text[..place]);
    }

    static long Count(string text, string part)
    {
        if (part.Length == 0) return Slicing.Length(text) + 1;
        long count = 0;
        for (var i = text.IndexOf(part, StringComparison.Ordinal); i >= 0; i = text.IndexOf(part, i + part.Length, StringComparison.Ordinal)) count++;
        return count;
    }

    static string Padding(string name, string text, Arguments arguments, RenderContext context)
    {
        var bound = arguments.Bind(name, "width", "fillchar");
        var missing = Math.Max(0, bound.Integer(0, 0) - Slicing.Length(text));
        RenderBudget.CheckLength(missing);
        context.Budget.SpendText(missing);
        return new string(bound.Text(1) is [var fill] ? fill : ' ', (int)missing);
    }
}
