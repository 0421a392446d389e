using System.Text;

namespace Brickwork.Tokenizers.Bpe;

/// <summary>GPT-2's spelling of bytes by printable characters: the space is Ġ, the newline Ċ.</summary>
static class ByteAlphabet
{
    static readonly char[] Letters = BuildLetters();
    static readonly short[] Values = BuildValues();

    /// <summary>The character that stands for a byte.</summary>
    public static char Letter(byte value) => Letters[value];

    /// <summary>Writes text in the alphabet.</summary>
    public static string Spell(ReadOnlySpan<char> text)
    {
        var count = Encoding.UTF8.GetByteCount(text);
        var rented = System.Buffers.ArrayPool<byte>.Shared.Rent(count);
        var letters = new char[count];
        Encoding.UTF8.GetBytes(text, rented);
        for (var i = 0; i < count; i++)
            letters[i] = Letters[rented[i]];
        System.Buffers.ArrayPool<byte>.Shared.Return(rented);
        return new string(letters);
    }

    /// <summary>The bytes that a text in the alphabet stands for; a character outside of it stands for itself.</summary>
    public static byte[] Read(string letters)
    {
        var bytes = new List<byte>(letters.Length);
        Span<byte> utf8 = stackalloc byte[4];
        foreach (var rune in letters.EnumerateRunes())
        {
            if (rune.Value < Values.Length && Values[rune.Value] >= 0)
                bytes.Add((byte)Values[rune.Value]);
            else
                bytes.AddRange(utf8[..rune.EncodeToUtf8(utf8)]);
        }
        return [.. bytes];
    }

    // Printable bytes stand for themselves; the others take the characters from U+0100 on, in order.
    static char[] BuildLetters()
    {
        var letters = new char[256];
        var next = (char)256;
        for (var value = 0; value < 256; value++)
            letters[value] = value is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or >= 0xAE ? (char)value : next++;
        return letters;
    }

    static short[] BuildValues()
    {
        var values = new short[Letters.Max() + 1];
        Array.Fill(values, (short)-1);
        for (var value = 0; value < 256; value++)
            values[Letters[value]] = (short)value;
        return values;
    }
}
