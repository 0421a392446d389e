using System.Globalization;
using Brickwork.Tokenizers.ChatTemplates.Filters;
using Brickwork.Tokenizers.ChatTemplates.Syntax;
using Brickwork.Tokenizers.ChatTemplates.Tests;
using Brickwork.Tokenizers.ChatTemplates.Values;

namespace Brickwork.Tokenizers.ChatTemplates.Parsing;

/// <summary>Reads literals and names, and what may follow them: attributes, subscripts, calls, filters and tests.</summary>
sealed class PrimaryParser(TokenStream tokens, ExpressionParser expressions)
{
    public Expression Parse()
    {
        var token = tokens.Take();
        switch (token.Kind)
        {
            case TokenKind.Name: return Name(token);
            case TokenKind.String: return Text(token);
            case TokenKind.Integer: return new Constant(Value.Of(long.Parse(token.Value, CultureInfo.InvariantCulture)), token.At);
            case TokenKind.Float: return new Constant(new FloatValue(double.Parse(token.Value, CultureInfo.InvariantCulture)), token.At);
            default: break;
        }
        if (token.Is("(")) return Parenthesized(token);
        if (token.Is("[")) return List(token);
        if (token.Is("{")) return Map(token);
        TemplateSyntax.Fail(token.At, $"expected a value, found {token.Description}");
        return null;
    }

    public Expression ParsePostfix(Expression target)
    {
        while (true)
        {
            var at = tokens.At;
            if (tokens.TryTake(".")) target = Attribute(target, at);
            else if (tokens.TryTake("[")) target = SubscriptOf(target, at);
            else if (tokens.Current.Is("(")) target = new Call(target, ParseArguments(), at);
            else return target;
        }
    }

    /// <summary>Reads <c>| filter</c>, <c>is test</c> and calls after them.</summary>
    public Expression ParseFiltered(Expression input)
    {
        while (true)
        {
            var at = tokens.At;
            if (tokens.TryTake("|")) input = Filter(input, at);
            else if (tokens.TryTakeName("is")) input = Test(input, at);
            else if (tokens.Current.Is("(")) input = new Call(input, ParseArguments(), at);
            else return input;
        }
    }

    public FilterUse ParseFilters(bool startsAtName)
    {
        FilterUse? filters = null;
        for (var isNext = startsAtName || tokens.TryTake("|"); isNext; isNext = tokens.TryTake("|"))
            filters = Filter(filters, tokens.At);
        return filters!;
    }

    public CallArguments ParseArguments()
    {
        tokens.Expect("(");
        List<Expression> positional = [];
        List<(string, Expression)> named = [];
        while (!tokens.TryTake(")"))
        {
            if (positional.Count + named.Count > 0)
            {
                tokens.Expect(",");
                if (tokens.TryTake(")")) break;
            }
            if (tokens.Current.Is("*") || tokens.Current.Is("**"))
                TemplateSyntax.Lacks(tokens.At, "an unpacked argument");
            if (tokens.Current.Kind == TokenKind.Name && tokens.Following.Is("="))
                named.Add((NameBeforeEquals(), expressions.Parse()));
            else if (named.Count > 0)
                TemplateSyntax.Fail(tokens.At, "an argument without a name follows one with a name");
            else
                positional.Add(expressions.Parse());
        }
        return new CallArguments([.. positional], [.. named]);
    }

    string NameBeforeEquals()
    {
        var name = tokens.Take().Value;
        tokens.Take();
        return name;
    }

    static Expression Name(Token token) => token.Value switch
    {
        "true" or "True" => new Constant(BooleanValue.True, token.At),
        "false" or "False" => new Constant(BooleanValue.False, token.At),
        "none" or "None" => new Constant(NoneValue.Instance, token.At),
        _ => new Variable(token.Value, token.At),
    };

    // Neighbouring strings are one string.
    Constant Text(Token token)
    {
        var text = token.Value;
        while (tokens.Current.Kind == TokenKind.String)
            text += tokens.Take().Value;
        return new Constant(Value.Of(text), token.At);
    }

    Expression Parenthesized(Token open)
    {
        if (tokens.TryTake(")"))
            return new TupleLiteral([], open.At);
        var content = expressions.ParseTuple();
        tokens.Expect(")");
        return content;
    }

    ListLiteral List(Token open)
    {
        List<Expression> items = [];
        while (!tokens.TryTake("]"))
        {
            if (items.Count > 0)
            {
                tokens.Expect(",");
                if (tokens.TryTake("]")) break;
            }
            items.Add(expressions.Parse());
        }
        return new ListLiteral([.. items], open.At);
    }

    MapLiteral Map(Token open)
    {
        List<(Expression, Expression)> entries = [];
        while (!tokens.TryTake("}"))
        {
            if (entries.Count > 0)
            {
                tokens.Expect(",");
                if (tokens.TryTake("}")) break;
            }
            var key = expressions.Parse();
            tokens.Expect(":");
            entries.Add((key, expressions.Parse()));
        }
        return new MapLiteral([.. entries], open.At);
    }

    Expression Attribute(Expression target, SourcePosition at)
    {
        if (tokens.Current.Kind == TokenKind.Integer)
            return new Subscript(target, Parse(), at);
        return new AttributeAccess(target, tokens.ExpectName(), at);
    }

    Expression SubscriptOf(Expression target, SourcePosition at)
    {
        var start = tokens.Current.Is(":") ? null : expressions.ParseTuple();
        if (tokens.TryTake("]"))
        {
            if (start is null) TemplateSyntax.Fail(at, "a subscript is empty");
            return new Subscript(target, start, at);
        }
        tokens.Expect(":");
        var stop = SlicePart();
        var step = tokens.TryTake(":") ? SlicePart() : null;
        tokens.Expect("]");
        return new Slice(target, start, stop, step, at);
    }

    Expression? SlicePart() => tokens.Current.Is(":") || tokens.Current.Is("]") ? null : expressions.Parse();

    FilterUse Filter(Expression? input, SourcePosition at)
    {
        var name = DottedName();
        var arguments = tokens.Current.Is("(") ? ParseArguments() : CallArguments.None;
        return new FilterUse(input, name, FilterTable.Find(name), arguments, at);
    }

    Expression Test(Expression input, SourcePosition at)
    {
        var isNegated = tokens.TryTakeName("not");
        var name = DottedName();
        var arguments = CallArguments.None;
        if (tokens.Current.Is("("))
            arguments = ParseArguments();
        else if (StartsTestArgument(tokens.Current))
            arguments = new CallArguments([ParsePostfix(Parse())], []);
        Expression test = new TestUse(input, name, TestTable.Find(name), arguments, at);
        return isNegated ? new Unary(UnaryOperator.Not, test, at) : test;
    }

    // "x is divisibleby 3" takes one argument without parentheses.
    static bool StartsTestArgument(Token token) => token.Kind switch
    {
        TokenKind.Name => token.Value is not ("else" or "or" or "and" or "is" or "if" or "in" or "not"),
        TokenKind.String or TokenKind.Integer or TokenKind.Float => true,
        _ => token.Is("[") || token.Is("{"),
    };

    string DottedName()
    {
        var name = tokens.ExpectName();
        while (tokens.TryTake("."))
            name += "." + tokens.ExpectName();
        return name;
    }
}
