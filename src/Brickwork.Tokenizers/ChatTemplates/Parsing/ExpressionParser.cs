using Brickwork.Tokenizers.ChatTemplates.Syntax;

namespace Brickwork.Tokenizers.ChatTemplates.Parsing;

/// <summary>Reads expressions, weakest operator first: if-else, or, and, not, comparison, + -, ~, * / // %, **, sign, postfix and filter.</summary>
sealed class ExpressionParser
{
    readonly TokenStream _tokens;
    readonly PrimaryParser _primaries;

    public ExpressionParser(TokenStream tokens)
    {
        _tokens = tokens;
        _primaries = new PrimaryParser(tokens, this);
    }

    /// <summary>Reads <c>a if b else c</c>.</summary>
    public Expression Parse()
    {
        _tokens.Enter();
        var value = ParseOr();
        while (_tokens.Current.IsName("if"))
        {
            var at = _tokens.Take().At;
            var condition = ParseOr();
            var otherwise = _tokens.TryTakeName("else") ? Parse() : null;
            value = new Conditional(condition, value, otherwise, at);
        }
        _tokens.Leave();
        return value;
    }

    /// <summary>Reads an expression that may be a tuple without parentheses: <c>a, b</c>.</summary>
    public Expression ParseTuple() => TupleOf(Parse);

    /// <summary>Like <see cref="ParseTuple"/>, but leaves a following <c>if</c> to the for tag.</summary>
    public Expression ParseLoopItems() => TupleOf(ParseOr);

    public CallArguments ParseArguments() => _primaries.ParseArguments();

    /// <summary>Reads <c>name(…) | name …</c> of a filter block; the innermost filter has no input.</summary>
    public FilterUse ParseFilters(bool startsAtName) => _primaries.ParseFilters(startsAtName);

    Expression TupleOf(Func<Expression> parseItem)
    {
        var first = parseItem();
        if (!_tokens.Current.Is(","))
            return first;
        var items = new List<Expression> { first };
        while (_tokens.TryTake(",") && !EndsTuple(_tokens.Current))
            items.Add(parseItem());
        return new TupleLiteral([.. items], first.At);
    }

    static bool EndsTuple(Token token) => token.Kind is TokenKind.BlockEnd or TokenKind.PrintEnd or TokenKind.End || token.Is(")") || token.Is("]")
        || token.IsName("recursive") || token.IsName("if");

    Expression ParseOr()
    {
        var left = ParseAnd();
        while (_tokens.Current.IsName("or"))
            left = new Binary(BinaryOperator.Or, left, After(ParseAnd), left.At);
        return left;
    }

    Expression ParseAnd()
    {
        var left = ParseNot();
        while (_tokens.Current.IsName("and"))
            left = new Binary(BinaryOperator.And, left, After(ParseNot), left.At);
        return left;
    }

    Expression ParseNot()
    {
        if (!_tokens.Current.IsName("not"))
            return ParseComparison();
        _tokens.Enter();
        var at = _tokens.Take().At;
        var negated = new Unary(UnaryOperator.Not, ParseNot(), at);
        _tokens.Leave();
        return negated;
    }

    Expression ParseComparison()
    {
        var first = ParseSum();
        List<(ComparisonOperator, Expression)>? rest = null;
        while (TryTakeComparison() is { } comparison)
            (rest ??= []).Add((comparison, ParseSum()));
        return rest is null ? first : new Comparison(first, [.. rest], first.At);
    }

    ComparisonOperator? TryTakeComparison()
    {
        if (_tokens.Current.IsName("not") && _tokens.Following.IsName("in"))
        {
            _tokens.Take();
            _tokens.Take();
            return ComparisonOperator.NotIn;
        }
        if (_tokens.TryTakeName("in"))
            return ComparisonOperator.In;
        if (_tokens.Current.Kind != TokenKind.Operator)
            return null;
        ComparisonOperator? found = _tokens.Current.Value switch
        {
            "==" => ComparisonOperator.Equal,
            "!=" => ComparisonOperator.NotEqual,
            "<" => ComparisonOperator.Less,
            "<=" => ComparisonOperator.LessOrEqual,
            ">" => ComparisonOperator.Greater,
            ">=" => ComparisonOperator.GreaterOrEqual,
            _ => null,
        };
        if (found is not null) _tokens.Take();
        return found;
    }

    Expression ParseSum() => ParseLeftToRight(ParseConcatenation, ("+", BinaryOperator.Add), ("-", BinaryOperator.Subtract));

    Expression ParseConcatenation() => ParseLeftToRight(ParseProduct, ("~", BinaryOperator.Concatenate));

    Expression ParseProduct() => ParseLeftToRight(ParsePower, ("*", BinaryOperator.Multiply), ("/", BinaryOperator.Divide),
        ("//", BinaryOperator.FloorDivide), ("%", BinaryOperator.Remainder));

    Expression ParsePower() => ParseLeftToRight(ParseSigned, ("**", BinaryOperator.Power));

    Expression ParseLeftToRight(Func<Expression> parseOperand, params ReadOnlySpan<(string Sign, BinaryOperator Operator)> operators)
    {
        var left = parseOperand();
        while (_tokens.Current.Kind == TokenKind.Operator && Find(operators, _tokens.Current.Value) is { } found)
            left = new Binary(found, left, After(parseOperand), left.At);
        return left;
    }

    static BinaryOperator? Find(ReadOnlySpan<(string Sign, BinaryOperator Operator)> operators, string sign)
    {
        foreach (var (candidate, found) in operators)
            if (candidate == sign) return found;
        return null;
    }

    Expression ParseSigned() => _primaries.ParseFiltered(ParseSign());

    // A sign binds its operand before any filter: -1|abs is (-1)|abs.
    Expression ParseSign()
    {
        var at = _tokens.At;
        UnaryOperator? sign = _tokens.Current.Is("-") ? UnaryOperator.Negate : _tokens.Current.Is("+") ? UnaryOperator.Plus : null;
        if (sign is not { } found)
            return _primaries.ParsePostfix(_primaries.Parse());
        _tokens.Enter();
        _tokens.Take();
        var signed = new Unary(found, ParseSign(), at);
        _tokens.Leave();
        return signed;
    }

    Expression After(Func<Expression> parse)
    {
        _tokens.Take();
        return parse();
    }
}
