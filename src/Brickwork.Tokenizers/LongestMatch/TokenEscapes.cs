using System.Text;

namespace Brickwork.Tokenizers.LongestMatch;

/// <summary>RWKV's way of writing bytes in the text of a token: <c>\n</c>, <c>\x0a</c>.</summary>
static class TokenEscapes
{
    public static byte[] Read(string token)
    {
        var bytes = new List<byte>(token.Length);
        Span<byte> utf8 = stackalloc byte[4];
        for (var at = 0; at < token.Length; at++)
        {
            if (token[at] == '\\' && at + 1 < token.Length)
            {
                at++;
                if (token[at] == 'x' && at + 2 < token.Length && char.IsAsciiHexDigit(token[at + 1]) && char.IsAsciiHexDigit(token[at + 2]))
                {
                    bytes.Add(Convert.FromHexString(token.AsSpan(at + 1, 2))[0]);
                    at += 2;
                    continue;
                }
                bytes.Add(token[at] switch { 'n' => (byte)'\n', 'r' => (byte)'\r', 't' => (byte)'\t', var letter => (byte)letter });
                continue;
            }
            Rune.DecodeFromUtf16(token.AsSpan(at), out var rune, out var length);
            bytes.AddRange(utf8[..rune.EncodeToUtf8(utf8)]);
            at += length - 1;
        }
        return [.. bytes];
    }
}
