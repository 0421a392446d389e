using System.Text;
using Brickwork.Tokenizers.Decoding;

namespace Brickwork;

public sealed partial class Tokenizer
{
    /// <summary>The text of tokens; bytes that are no UTF-8 become U+FFFD.</summary>
    public string Decode(ReadOnlySpan<int> ids, DecodeOptions options = DecodeOptions.None) => Encoding.UTF8.GetString(DecodeBytes(ids, options));

    /// <summary>The bytes of tokens; a character may begin in one token and end in another.</summary>
    public byte[] DecodeBytes(ReadOnlySpan<int> ids, DecodeOptions options = DecodeOptions.None)
    {
        var bytes = new List<byte>(ids.Length * 4);
        var started = false;
        foreach (var id in ids)
            bytes.AddRange(Bytes(id, options, ref started));
        if (options.HasFlag(DecodeOptions.CleanUpSpaces) && _parts.Definition.CleanUpSpaces == true)
            SpaceCleanUp.Run(bytes);
        return [.. bytes];
    }

    /// <summary>The bytes of one token as they stand inside of a text; special tokens give the bytes of their name.</summary>
    public ReadOnlySpan<byte> Bytes(int id) => _parts.Bytes.Of(Checked(id), renderSpecial: true);

    /// <summary>Decodes tokens as they come.</summary>
    public TextDecoder StartDecoding(DecodeOptions options = DecodeOptions.None) => new(this, options);

    /// <summary>The bytes of the next token; the first one loses the space that encoding put before the text.</summary>
    internal ReadOnlySpan<byte> Bytes(int id, DecodeOptions options, ref bool started)
    {
        // Not HasFlag: until its caller is compiled for speed, it makes two objects.
        var bytes = _parts.Bytes.Of(Checked(id), (options & DecodeOptions.RenderSpecial) != 0);
        if (started || (bytes.IsEmpty && !_parts.Bytes.LeftOutCountsAsStart))
            return bytes;
        started = true;
        for (var left = _parts.Bytes.LeadingSpaces; left > 0 && bytes is [(byte)' ', ..]; left--)
            bytes = bytes[1..];
        return bytes;
    }
}
