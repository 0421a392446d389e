using Brickwork.Tokenizers.ChatTemplates.Syntax;

namespace Brickwork.Tokenizers.ChatTemplates.Parsing;

enum TokenKind { Text, PrintBegin, PrintEnd, BlockBegin, BlockEnd, Name, String, Integer, Float, Operator, End }

/// <summary>One word of a template; its value is the text, name, operator or digits, and the content of a string.</summary>
readonly record struct Token(TokenKind Kind, string Value, SourcePosition At)
{
    public bool Is(string operation) => Kind == TokenKind.Operator && Value == operation;

    public bool IsName(string name) => Kind == TokenKind.Name && Value == name;

    public string Description => Kind switch
    {
        TokenKind.End => "the end of the template",
        TokenKind.Text => "text",
        TokenKind.PrintBegin => "'{{'",
        TokenKind.PrintEnd => "'}}'",
        TokenKind.BlockBegin => "'{%'",
        TokenKind.BlockEnd => "'%}'",
        TokenKind.String => "a string",
        _ => $"'{Value}'",
    };
}
