using System.Text;

namespace Brickwork;

/// <summary>Turns tokens into text as they come: a character spread over several tokens appears when its last byte is there.</summary>
/// <remarks>What is appended and what <see cref="Flush"/> returns, put together, is what <see cref="Tokenizer.Decode"/> gives for all tokens at once.</remarks>
public sealed class TextDecoder
{
    readonly Tokenizer _tokenizer;
    readonly DecodeOptions _options;
    readonly Decoder _utf8 = Encoding.UTF8.GetDecoder();
    bool _started;

    internal TextDecoder(Tokenizer tokenizer, DecodeOptions options) => (_tokenizer, _options) = (tokenizer, options);

    /// <summary>The text that this token completes; empty where a character is still open.</summary>
    public string Append(int id)
    {
        var bytes = _tokenizer.Bytes(id, _options, ref _started);
        return Read(bytes, flush: false);
    }

    /// <summary>What is left when no token follows: U+FFFD where a character stayed open. The decoder can then start anew.</summary>
    public string Flush()
    {
        _started = false;
        return Read([], flush: true);
    }

    string Read(ReadOnlySpan<byte> bytes, bool flush)
    {
        Span<char> letters = stackalloc char[256];
        var count = _utf8.GetCharCount(bytes, flush);
        if (count > letters.Length)
            letters = new char[count];
        return new string(letters[.._utf8.GetChars(bytes, letters, flush)]);
    }
}
