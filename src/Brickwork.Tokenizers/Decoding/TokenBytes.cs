using System.Text;
using Brickwork.Tokenizers.Bpe;

namespace Brickwork.Tokenizers.Decoding;

/// <summary>How the text of an ordinary token is read.</summary>
enum TokenSpelling
{
    /// <summary>As it stands, ▁ for the space.</summary>
    SpaceMarks,

    /// <summary>By GPT-2's characters for bytes.</summary>
    ByteLetters,

    /// <summary>With RWKV's escapes, such as <c>\x0a</c>.</summary>
    Escapes,
}

/// <summary>The bytes that tokens stand for.</summary>
abstract class TokenBytes
{
    static readonly byte[] Nothing = [];

    readonly Vocabulary _vocabulary;
    readonly byte[]?[] _bytes;

    protected TokenBytes(Vocabulary vocabulary)
    {
        _vocabulary = vocabulary;
        _bytes = new byte[]?[vocabulary.Count];
    }

    /// <summary>How many spaces vanish at the start of a text.</summary>
    public virtual int LeadingSpaces => 0;

    /// <summary>Whether a token that is left out counts as the start, so that the space behind it stays.</summary>
    public virtual bool LeftOutCountsAsStart => true;

    /// <summary>The bytes of a token; special tokens give theirs only when rendered.</summary>
    public ReadOnlySpan<byte> Of(int id, bool renderSpecial) =>
        !renderSpecial && IsSpecial(id) ? Nothing : _bytes[id] ??= Build(id);

    public bool IsSpecial(int id) => _vocabulary.Types[id] is TokenType.Control or TokenType.Unknown;

    byte[] Build(int id)
    {
        var token = _vocabulary.Tokens[id];
        return _vocabulary.Types[id] switch
        {
            TokenType.Control or TokenType.Unknown or TokenType.UserDefined => BuildAdded(token),
            TokenType.Normal => BuildNormal(token),
            TokenType.Byte when Vocabulary.TryParseByte(token, out var value) => [value],
            _ => Nothing,
        };
    }

    protected virtual byte[] BuildAdded(string token) => Encoding.UTF8.GetBytes(token);

    protected abstract byte[] BuildNormal(string token);
}

/// <summary>The bytes of tokens as GGUF files define them.</summary>
sealed class SpelledTokenBytes(Vocabulary vocabulary, TokenSpelling spelling, bool stripSpace) : TokenBytes(vocabulary)
{
    public override int LeadingSpaces => stripSpace ? 1 : 0;

    protected override byte[] BuildNormal(string token) => spelling switch
    {
        TokenSpelling.ByteLetters => ByteAlphabet.Read(token),
        TokenSpelling.Escapes => LongestMatch.TokenEscapes.Read(token),
        _ => Encoding.UTF8.GetBytes(token.Replace('▁', ' ')),
    };
}
