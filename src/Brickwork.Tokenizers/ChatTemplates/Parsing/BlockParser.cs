using Brickwork.Tokenizers.ChatTemplates.Syntax;

namespace Brickwork.Tokenizers.ChatTemplates.Parsing;

/// <summary>Reads one block tag and its body, up to the mark that closes its last tag.</summary>
sealed class BlockParser(TokenStream tokens, ExpressionParser expressions, TemplateParser template)
{
    static readonly string[] ImplicitNames = ["varargs", "kwargs", "caller"];

    int _loops;

    public Statement Parse()
    {
        var tag = tokens.Expect(TokenKind.Name, "the name of a tag");
        switch (tag.Value)
        {
            case "if": return If(tag);
            case "for": return For(tag);
            case "set": return Set(tag);
            case "macro": return Macro(tag);
            case "call": return CallBlock(tag);
            case "filter": return FilterBlock(tag);
            case "with": return With(tag);
            case "generation": return new Generation(BodyOf(tag, "endgeneration"), tag.At);
            case "break" when _loops > 0: return new Break(tag.At);
            case "continue" when _loops > 0: return new Continue(tag.At);
            case "include" or "import" or "from" or "extends" or "block" or "do" or "autoescape" or "trans":
                TemplateSyntax.Lacks(tag.At, $"the tag '{tag.Value}'");
                return null;
            default:
                TemplateSyntax.Fail(tag.At, $"unexpected tag '{tag.Value}'");
                return null;
        }
    }

    If If(Token tag)
    {
        List<(Expression, Statement[])> branches = [];
        var ending = "elif";
        while (ending == "elif")
        {
            var condition = expressions.ParseTuple();
            EndTag();
            branches.Add((condition, template.ParseBodyOf("if", out ending, "elif", "else", "endif")));
        }
        Statement[] otherwise = [];
        if (ending == "else")
        {
            EndTag();
            otherwise = template.ParseBodyOf("if", out _, "endif");
        }
        return new If([.. branches], otherwise, tag.At);
    }

    For For(Token tag)
    {
        var target = Target();
        if (!tokens.TryTakeName("in"))
            TemplateSyntax.Fail(tokens.At, $"expected 'in', found {tokens.Current.Description}");
        var items = expressions.ParseLoopItems();
        var filter = tokens.TryTakeName("if") ? expressions.Parse() : null;
        if (tokens.Current.IsName("recursive"))
            TemplateSyntax.Lacks(tokens.At, "a recursive loop");
        EndTag();

        _loops++;
        var body = template.ParseBodyOf("for", out var ending, "else", "endfor");
        _loops--;
        Statement[] otherwise = [];
        if (ending == "else")
        {
            EndTag();
            otherwise = template.ParseBodyOf("for", out _, "endfor");
        }
        return new For(target, items, filter, body, otherwise, tag.At);
    }

    Statement Set(Token tag)
    {
        var target = Target();
        if (tokens.TryTake("="))
            return new Set(target, expressions.ParseTuple(), tag.At);
        var filter = tokens.Current.Is("|") ? expressions.ParseFilters(startsAtName: false) : null;
        return new SetBlock(target, filter, BodyOf(tag, "endset"), tag.At);
    }

    Macro Macro(Token tag)
    {
        var name = tokens.ExpectName();
        var parameters = Parameters();
        return new Macro(name, FunctionOf(parameters, tag, "endmacro"), tag.At);
    }

    CallBlock CallBlock(Token tag)
    {
        var parameters = tokens.Current.Is("(") ? Parameters() : [];
        var at = tokens.At;
        if (expressions.Parse() is Call call)
            return new CallBlock(FunctionOf(parameters, tag, "endcall"), call, tag.At);
        TemplateSyntax.Fail(at, "a call block needs a call");
        return null;
    }

    FilterBlock FilterBlock(Token tag)
    {
        var filter = expressions.ParseFilters(startsAtName: true);
        return new FilterBlock(filter, BodyOf(tag, "endfilter"), tag.At);
    }

    With With(Token tag)
    {
        List<(AssignmentTarget, Expression)> bindings = [];
        while (tokens.Current.Kind != TokenKind.BlockEnd)
        {
            if (bindings.Count > 0) tokens.Expect(",");
            var target = Target();
            tokens.Expect("=");
            bindings.Add((target, expressions.Parse()));
        }
        return new With([.. bindings], BodyOf(tag, "endwith"), tag.At);
    }

    Parameter[] Parameters()
    {
        tokens.Expect("(");
        List<Parameter> parameters = [];
        while (!tokens.TryTake(")"))
        {
            if (parameters.Count > 0) tokens.Expect(",");
            var name = tokens.ExpectName();
            parameters.Add(new Parameter(name, tokens.TryTake("=") ? expressions.Parse() : null));
        }
        return [.. parameters];
    }

    AssignmentTarget Target()
    {
        var first = SingleTarget();
        if (!tokens.Current.Is(","))
            return first;
        List<AssignmentTarget> items = [first];
        while (tokens.TryTake(",") && (tokens.Current.Kind == TokenKind.Name || tokens.Current.Is("(")) && !tokens.Current.IsName("in"))
            items.Add(SingleTarget());
        return new TupleTarget([.. items], first.At);
    }

    AssignmentTarget SingleTarget()
    {
        var at = tokens.At;
        if (tokens.TryTake("("))
        {
            tokens.Enter();
            var inner = Target();
            tokens.Leave();
            tokens.Expect(")");
            return inner;
        }
        var name = tokens.ExpectName();
        if (name is "true" or "false" or "none" or "True" or "False" or "None")
            TemplateSyntax.Fail(at, $"'{name}' cannot be set");
        return tokens.TryTake(".") ? new NamespaceTarget(name, tokens.ExpectName(), at) : new NameTarget(name, at);
    }

    Statement[] BodyOf(Token tag, string end)
    {
        EndTag();
        return template.ParseBodyOf(tag.Value, out _, end);
    }

    // A break inside a macro must not leave a loop around the macro.
    Function FunctionOf(Parameter[] parameters, Token tag, string end)
    {
        (var loops, _loops) = (_loops, 0);
        var start = tokens.Index;
        var body = BodyOf(tag, end);
        _loops = loops;
        return new Function(parameters, body, [.. ImplicitNames.Where(name => tokens.HasNameSince(start, name))]);
    }

    void EndTag() => tokens.Expect(TokenKind.BlockEnd, "'%}'");
}
