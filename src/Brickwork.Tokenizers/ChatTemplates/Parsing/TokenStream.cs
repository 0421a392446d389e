using System.Runtime.CompilerServices;
using Brickwork.Tokenizers.ChatTemplates.Evaluation;
using Brickwork.Tokenizers.ChatTemplates.Syntax;

namespace Brickwork.Tokenizers.ChatTemplates.Parsing;

/// <summary>The words of a template, read one after the other.</summary>
sealed class TokenStream(List<Token> tokens)
{
    int _next;
    int _depth;

    public Token Current => tokens[_next];

    public Token Following => tokens[Math.Min(_next + 1, tokens.Count - 1)];

    public int Index => _next;

    public SourcePosition At => Current.At;

    public Token Take()
    {
        var token = tokens[_next];
        if (_next < tokens.Count - 1) _next++;
        return token;
    }

    public bool TryTake(string operation)
    {
        var found = Current.Is(operation);
        if (found) Take();
        return found;
    }

    public bool TryTakeName(string name)
    {
        var found = Current.IsName(name);
        if (found) Take();
        return found;
    }

    /// <summary>Whether a name stands between a place and here.</summary>
    public bool HasNameSince(int index, string name) => tokens.FindIndex(index, _next - index, token => token.IsName(name)) >= 0;

    public void Expect(string operation)
    {
        if (!TryTake(operation))
            TemplateSyntax.Fail(At, $"expected '{operation}', found {Current.Description}");
    }

    public Token Expect(TokenKind kind, string description)
    {
        if (Current.Kind != kind)
            TemplateSyntax.Fail(At, $"expected {description}, found {Current.Description}");
        return Take();
    }

    public string ExpectName() => Expect(TokenKind.Name, "a name").Value;

    /// <summary>Counts a level of nesting; deeper templates than a sane one would exhaust the stack.</summary>
    public void Enter()
    {
        if (++_depth > RenderLimits.Nesting || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
            TemplateSyntax.Fail(At, $"it nests deeper than {RenderLimits.Nesting} levels");
    }

    public void Leave() => _depth--;
}
