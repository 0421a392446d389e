namespace Brickwork.Tokenizers.ChatTemplates.Syntax;

/// <summary>A place in the template's source; line and column count from one.</summary>
readonly record struct SourcePosition(int Line, int Column)
{
    public override string ToString() => $"line {Line}, column {Column}";
}
