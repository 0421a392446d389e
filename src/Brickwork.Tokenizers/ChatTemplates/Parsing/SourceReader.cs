using Brickwork.Tokenizers.ChatTemplates.Syntax;

namespace Brickwork.Tokenizers.ChatTemplates.Parsing;

/// <summary>A place that moves through the template's source and knows its line and column.</summary>
sealed class SourceReader(string source)
{
    int _line = 1, _lineStart, _counted;

    public string Source => source;

    public int Offset { get; set; }

    public bool IsAtEnd => Offset >= source.Length;

    public char Current => source[Offset];

    /// <summary>The place of the next character. Places are asked for in order, so lines are counted once.</summary>
    public SourcePosition Position
    {
        get
        {
            for (; _counted < Offset; _counted++)
            {
                if (source[_counted] != '\n') continue;
                _line++;
                _lineStart = _counted + 1;
            }
            return new SourcePosition(_line, Offset - _lineStart + 1);
        }
    }

    public bool StartsWith(string text) => source.AsSpan(Offset).StartsWith(text, StringComparison.Ordinal);

    public bool TrySkip(string text)
    {
        if (!StartsWith(text)) return false;
        Offset += text.Length;
        return true;
    }

    public void SkipWhitespace()
    {
        while (!IsAtEnd && char.IsWhiteSpace(Current)) Offset++;
    }
}
