using System.Text;

namespace Brickwork.Tokenizers.LongestMatch;

/// <summary>Takes the longest token that matches, again and again (RWKV's World tokenizer).</summary>
sealed class LongestMatchModel : ITokenModel
{
    readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);
    readonly int? _unknown;
    readonly int[] _longest = new int[256];

    public LongestMatchModel(Vocabulary vocabulary, int? unknown)
    {
        _unknown = unknown;
        for (var id = 0; id < vocabulary.Count; id++)
        {
            if (vocabulary.Types[id] is not (TokenType.Normal or TokenType.UserDefined or TokenType.Byte))
                continue;
            // Latin-1 keeps one character a byte, so that any bytes can be a key.
            var bytes = TokenEscapes.Read(vocabulary.Tokens[id]);
            if (bytes.Length == 0)
                continue;
            _ids.TryAdd(Encoding.Latin1.GetString(bytes), id);
            _longest[bytes[0]] = Math.Max(_longest[bytes[0]], bytes.Length);
        }
    }

    public void Encode(ReadOnlySpan<char> piece, List<int> output)
    {
        var utf8 = new byte[Encoding.UTF8.GetByteCount(piece)];
        Encoding.UTF8.GetBytes(piece, utf8);
        ReadOnlySpan<char> letters = Encoding.Latin1.GetString(utf8);
        var lookup = _ids.GetAlternateLookup<ReadOnlySpan<char>>();
        for (var at = 0; at < letters.Length;)
        {
            var length = Math.Min(_longest[utf8[at]], letters.Length - at);
            var id = -1;
            while (length > 0 && !lookup.TryGetValue(letters.Slice(at, length), out id))
                length--;
            if (length == 0)
                (id, length) = (_unknown ?? -1, 1);
            if (id < 0)
                Faults.NoTokenForByte(utf8[at]);
            output.Add(id);
            at += length;
        }
    }
}
