namespace Brickwork.Tokenizers;

/// <summary>The tokens of a tokenizer by id and by text.</summary>
sealed class Vocabulary
{
    readonly Dictionary<string, int> _ids;
    readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _lookup;

    public Vocabulary(IReadOnlyList<string> tokens, TokenType[] types)
    {
        Tokens = new string[tokens.Count];
        Types = types;
        _ids = new Dictionary<string, int>(tokens.Count, StringComparer.Ordinal);
        _lookup = _ids.GetAlternateLookup<ReadOnlySpan<char>>();
        for (var id = 0; id < tokens.Count; id++)
        {
            // Some converters leave a hole empty; it needs a text of its own, as no text can be spelled with it.
            var token = tokens[id].Length > 0 ? tokens[id] : $"[EMPTY_{id}]";
            Tokens[id] = token;
            if (!_ids.TryAdd(token, id))
                throw Faults.Tokenizer($"tokens {_ids[token]} and {id} are both '{token}'; every token needs a text of its own.");
        }
    }

    public string[] Tokens { get; }

    /// <summary>What every token is treated as; may differ from what the file says, see <see cref="Special.SpecialTokenNames"/>.</summary>
    public TokenType[] Types { get; }

    public int Count => Tokens.Length;

    public bool TryFind(ReadOnlySpan<char> token, out int id) => _lookup.TryGetValue(token, out id);

    public int? Find(string token) => _ids.TryGetValue(token, out var id) ? id : null;

    /// <summary>The ids of <c>&lt;0x00&gt;</c> to <c>&lt;0xFF&gt;</c>; −1 where there is none.</summary>
    public int[] ByteTokens()
    {
        var ids = new int[256];
        for (var value = 0; value < 256; value++)
            ids[value] = Find($"<0x{value:X2}>") ?? -1;
        return ids;
    }

    /// <summary>The byte that a token such as <c>&lt;0x0A&gt;</c> stands for.</summary>
    public static bool TryParseByte(string token, out byte value)
    {
        value = 0;
        return token is ['<', '0', 'x', _, _, '>'] && byte.TryParse(
            token.AsSpan(3, 2), System.Globalization.NumberStyles.AllowHexSpecifier, System.Globalization.CultureInfo.InvariantCulture, out value);
    }
}
