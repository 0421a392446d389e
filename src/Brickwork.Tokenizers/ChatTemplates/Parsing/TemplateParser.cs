using Brickwork.Tokenizers.ChatTemplates.Syntax;

namespace Brickwork.Tokenizers.ChatTemplates.Parsing;

/// <summary>Reads a whole template: text, printed values and block tags.</summary>
sealed class TemplateParser
{
    readonly TokenStream _tokens;
    readonly ExpressionParser _expressions;
    readonly BlockParser _blocks;

    // The tags that are open, for the message about the one that has no end.
    readonly Stack<string> _open = new();

    TemplateParser(string source)
    {
        _tokens = new TokenStream(TemplateLexer.Read(source));
        _expressions = new ExpressionParser(_tokens);
        _blocks = new BlockParser(_tokens, _expressions, this);
    }

    public static Statement[] Parse(string source)
    {
        var parser = new TemplateParser(source);
        return parser.ParseBody();
    }

    /// <summary>Reads the body of a tag up to one of its closing tags, and takes that tag's name.</summary>
    public Statement[] ParseBodyOf(string tag, out string closing, params string[] ends)
    {
        _tokens.Enter();
        _open.Push(tag);
        var body = ParseBody(ends);
        closing = _tokens.ExpectName();
        _open.Pop();
        _tokens.Leave();
        return body;
    }

    Statement[] ParseBody(params string[] ends)
    {
        List<Statement> body = [];
        while (true)
        {
            var token = _tokens.Take();
            switch (token.Kind)
            {
                case TokenKind.Text:
                    body.Add(new Text(token.Value, token.At));
                    break;
                case TokenKind.PrintBegin:
                    body.Add(new Print(_expressions.ParseTuple(), token.At));
                    _tokens.Expect(TokenKind.PrintEnd, "'}}'");
                    break;
                case TokenKind.BlockBegin when _tokens.Current.Kind == TokenKind.Name && ends.Contains(_tokens.Current.Value):
                    return [.. body];
                case TokenKind.BlockBegin:
                    body.Add(_blocks.Parse());
                    _tokens.Expect(TokenKind.BlockEnd, "'%}'");
                    break;
                default:
                    if (_open.TryPeek(out var tag))
                        TemplateSyntax.Fail(token.At, $"'{tag}' has no end '{{% {ends[^1]} %}}'");
                    return [.. body];
            }
        }
    }
}
