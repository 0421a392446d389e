using Brickwork.Tokenizers.ChatTemplates.Syntax;

namespace Brickwork.Tokenizers.ChatTemplates.Parsing;

/// <summary>Cuts a template into text and tags, and applies the white space rules.</summary>
/// <remarks>
/// As transformers renders: <c>trim_blocks</c> (a newline after a block tag goes), <c>lstrip_blocks</c> (blanks before a block tag that
/// starts its line go), and one newline at the very end goes. <c>-</c> in a tag strips all white space on its side, <c>+</c> keeps it.
/// </remarks>
sealed class TemplateLexer
{
    readonly SourceReader _reader;
    readonly ExpressionLexer _expressions;
    readonly List<Token> _tokens = [];

    // Whether what was read last ended a line, so that blanks now stand at a line's start.
    bool _startsLine = true;

    TemplateLexer(string source)
    {
        _reader = new SourceReader(source);
        _expressions = new ExpressionLexer(_reader, _tokens);
    }

    public static List<Token> Read(string source)
    {
        var normalized = source.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
        var lexer = new TemplateLexer(normalized.EndsWith('\n') ? normalized[..^1] : normalized);
        lexer.ReadAll();
        return lexer._tokens;
    }

    void ReadAll()
    {
        while (!_reader.IsAtEnd)
        {
            var tag = FindTag(_reader.Offset);
            var at = _reader.Position;
            if (tag < 0)
            {
                AddText(_reader.Source[_reader.Offset..], at);
                _reader.Offset = _reader.Source.Length;
                break;
            }
            ReadTextBefore(tag, at);
            ReadTag();
        }
        _tokens.Add(new Token(TokenKind.End, "", _reader.Position));
    }

    int FindTag(int from)
    {
        var source = _reader.Source;
        for (var i = source.IndexOf('{', from); i >= 0 && i + 1 < source.Length; i = source.IndexOf('{', i + 1))
            if (source[i + 1] is '{' or '%' or '#') return i;
        return -1;
    }

    void ReadTextBefore(int tag, SourcePosition at)
    {
        var text = _reader.Source[_reader.Offset..tag];
        var sign = tag + 2 < _reader.Source.Length ? _reader.Source[tag + 2] : ' ';
        if (sign == '-')
            text = text.TrimEnd();
        else if (sign != '+' && _reader.Source[tag + 1] != '{')
            text = WithoutIndent(text);
        AddText(text, at);
        _reader.Offset = tag;
    }

    string WithoutIndent(string text)
    {
        var line = text.LastIndexOf('\n') + 1;
        var isIndent = (line > 0 || _startsLine) && text.AsSpan(line).IsWhiteSpace();
        return isIndent ? text[..line] : text;
    }

    void AddText(string text, SourcePosition at)
    {
        if (text.Length > 0)
            _tokens.Add(new Token(TokenKind.Text, text, at));
    }

    void ReadTag()
    {
        var at = _reader.Position;
        var kind = _reader.Source[_reader.Offset + 1];
        _reader.Offset += 2;
        if (!_reader.IsAtEnd && _reader.Current is '-' or '+' && !(kind == '#' && _reader.StartsWith("-#}")))
            _reader.Offset++;
        if (kind == '#')
            SkipComment(at);
        else if (kind == '%' && TryEnterRaw())
            ReadRaw(at);
        else
            ReadExpressionTag(kind, at);
    }

    void ReadExpressionTag(char kind, SourcePosition at)
    {
        _tokens.Add(new Token(kind == '{' ? TokenKind.PrintBegin : TokenKind.BlockBegin, "", at));
        var close = kind == '{' ? "}}" : "%}";
        _expressions.ReadUntil(close, at);
        var end = _reader.Position;
        _startsLine = CloseTag(close);
        _tokens.Add(new Token(kind == '{' ? TokenKind.PrintEnd : TokenKind.BlockEnd, "", end));
    }

    // Skips the closing mark and the white space it takes along; true when that ends a line.
    bool CloseTag(string close)
    {
        if (_reader.TrySkip("-" + close))
        {
            var start = _reader.Offset;
            _reader.SkipWhitespace();
            return _reader.Offset > start && _reader.Source[_reader.Offset - 1] == '\n';
        }
        var keepsNewline = _reader.TrySkip("+" + close);
        if (!keepsNewline)
            _reader.Offset += close.Length;
        return close != "}}" && !keepsNewline && _reader.TrySkip("\n");
    }

    void SkipComment(SourcePosition at)
    {
        var end = _reader.Source.IndexOf("#}", _reader.Offset, StringComparison.Ordinal);
        if (end < 0)
            TemplateSyntax.Fail(at, "a comment has no end '#}'");
        var hasSign = end > _reader.Offset && _reader.Source[end - 1] is '-' or '+';
        _reader.Offset = hasSign ? end - 1 : end;
        _startsLine = CloseTag("#}");
    }

    bool TryEnterRaw()
    {
        var start = _reader.Offset;
        _reader.SkipWhitespace();
        if (_reader.TrySkip("raw"))
        {
            _reader.SkipWhitespace();
            if (_reader.StartsWith("%}") || _reader.StartsWith("-%}") || _reader.StartsWith("+%}"))
            {
                _startsLine = CloseTag("%}");
                return true;
            }
        }
        _reader.Offset = start;
        return false;
    }

    void ReadRaw(SourcePosition at)
    {
        var content = _reader.Offset;
        for (var tag = _reader.Source.IndexOf("{%", content, StringComparison.Ordinal); tag >= 0;
            tag = _reader.Source.IndexOf("{%", tag + 2, StringComparison.Ordinal))
        {
            _reader.Offset = tag + 2;
            if (!_reader.IsAtEnd && _reader.Current is '-' or '+')
                _reader.Offset++;
            _reader.SkipWhitespace();
            if (!_reader.TrySkip("endraw")) continue;
            _reader.SkipWhitespace();
            if (!_reader.StartsWith("%}") && !_reader.StartsWith("-%}") && !_reader.StartsWith("+%}")) continue;

            var closing = _reader.Offset;
            _reader.Offset = content;
            ReadTextBefore(tag, at);
            _reader.Offset = closing;
            _startsLine = CloseTag("%}");
            return;
        }
        TemplateSyntax.Fail(at, "a raw block has no end '{% endraw %}'");
    }
}
