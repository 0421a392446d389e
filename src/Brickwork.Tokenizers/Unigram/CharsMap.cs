using System.Buffers.Binary;
using System.Text;

namespace Brickwork.Tokenizers.Unigram;

/// <summary>SentencePiece's compiled normalization rules: a double-array trie over UTF-8 from what is written to what it becomes.</summary>
/// <remarks>Layout: size of the trie in bytes, the trie's 32-bit units, then the replacements, each ended by a zero byte.</remarks>
sealed class CharsMap
{
    readonly uint[] _units;
    readonly byte[] _replacements;

    /// <exception cref="CheckpointException">The data is cut short.</exception>
    public CharsMap(ReadOnlySpan<byte> data)
    {
        var size = data.Length >= 4 ? BinaryPrimitives.ReadUInt32LittleEndian(data) : 0;
        if (size < 4 || size % 4 != 0 || size > data.Length - 4)
            throw Faults.Tokenizer($"its precompiled character map of {data.Length} bytes asks for a trie of {size} bytes.");
        _units = new uint[size / 4];
        for (var i = 0; i < _units.Length; i++)
            _units[i] = BinaryPrimitives.ReadUInt32LittleEndian(data[(4 + 4 * i)..]);
        _replacements = data[(4 + (int)size)..].ToArray();
    }

    /// <summary>The replacement of the longest rule that the text starts with.</summary>
    /// <param name="text">UTF-8.</param>
    /// <param name="length">How many bytes of the text are replaced.</param>
    /// <param name="replacement">UTF-8; may be empty.</param>
    public bool TryReplace(ReadOnlySpan<byte> text, out int length, out ReadOnlySpan<byte> replacement)
    {
        length = 0;
        replacement = default;
        var node = Offset(Unit(0));
        var value = 0u;
        for (var i = 0; i < text.Length && text[i] != 0; i++)
        {
            node ^= text[i];
            var unit = Unit(node);
            if ((unit & 0x800000FF) != text[i])
                break;
            node ^= Offset(unit);
            if ((unit & 0x100) == 0)
                continue;
            (length, value) = (i + 1, Unit(node) & 0x7FFFFFFF);
        }
        if (length == 0)
            return false;
        if (value > _replacements.Length)
            throw Faults.Tokenizer("its precompiled character map points outside of itself.");
        var tail = _replacements.AsSpan((int)value);
        replacement = tail.IndexOf((byte)0) is >= 0 and var end ? tail[..end] : tail;
        return true;
    }

    /// <summary>Replaces all through a text.</summary>
    public string Normalize(string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        var output = new List<byte>(utf8.Length);
        for (var at = 0; at < utf8.Length;)
        {
            if (TryReplace(utf8.AsSpan(at), out var length, out var replacement))
                output.AddRange(replacement);
            else
            {
                Rune.DecodeFromUtf8(utf8.AsSpan(at), out _, out length);
                output.AddRange(utf8.AsSpan(at, length));
            }
            at += length;
        }
        return Encoding.UTF8.GetString(output.ToArray());
    }

    uint Unit(uint index) => index < _units.Length ? _units[index] : throw Faults.Tokenizer("its precompiled character map points outside of itself.");

    static uint Offset(uint unit) => (unit >> 10) << (int)((unit & 0x200) >> 6);
}
