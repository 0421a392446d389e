using Brickwork.Tokenizers.ChatTemplates.Syntax;

namespace Brickwork.Tokenizers.ChatTemplates.Parsing;

/// <summary>Reads the words inside a tag.</summary>
sealed class ExpressionLexer(SourceReader reader, List<Token> tokens)
{
    static readonly string[] Operators =
        ["//", "**", "==", "!=", ">=", "<=", "+", "-", "/", "*", "%", "~", "[", "]", "(", ")", "{", "}", ">", "<", "=", ".", ":", "|", ",", ";"];

    /// <summary>Reads words up to the closing mark. Inside brackets the mark is not looked for: <c>{{ {'a': {}} }}</c>.</summary>
    public void ReadUntil(string close, SourcePosition tag)
    {
        var open = new Stack<char>();
        while (true)
        {
            reader.SkipWhitespace();
            if (reader.IsAtEnd)
                TemplateSyntax.Fail(tag, $"a tag has no end '{close}'");
            if (open.Count == 0 && IsAt(close))
                return;
            ReadWord(open);
        }
    }

    bool IsAt(string close) => reader.StartsWith(close) || reader.StartsWith("-" + close) || (close == "%}" && reader.StartsWith("+" + close));

    void ReadWord(Stack<char> open)
    {
        var at = reader.Position;
        var first = reader.Current;
        if (first is '\'' or '"')
            tokens.Add(new Token(TokenKind.String, StringLiteral.Read(reader, at), at));
        else if (char.IsAsciiDigit(first))
            tokens.Add(NumberLiteral.Read(reader, at));
        else if (IsNameLetter(first))
            tokens.Add(new Token(TokenKind.Name, ReadName(), at));
        else
            ReadOperator(open, at);
    }

    string ReadName()
    {
        var start = reader.Offset;
        while (!reader.IsAtEnd && IsNameLetter(reader.Current)) reader.Offset++;
        return reader.Source[start..reader.Offset];
    }

    static bool IsNameLetter(char letter) => char.IsLetterOrDigit(letter) || letter == '_';

    void ReadOperator(Stack<char> open, SourcePosition at)
    {
        var word = Array.Find(Operators, reader.StartsWith);
        if (word is null)
            TemplateSyntax.Fail(at, $"unexpected character '{reader.Current}'");
        Balance(open, word[0], at);
        tokens.Add(new Token(TokenKind.Operator, word, at));
        reader.Offset += word.Length;
    }

    static void Balance(Stack<char> open, char letter, SourcePosition at)
    {
        if (letter is '(' or '[' or '{')
            open.Push(letter switch { '(' => ')', '[' => ']', _ => '}' });
        else if (letter is ')' or ']' or '}' && (!open.TryPop(out var expected) || expected != letter))
            TemplateSyntax.Fail(at, $"unexpected '{letter}'");
    }
}
