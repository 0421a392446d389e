using System.Numerics;

namespace Brickwork.Data.Duplicates;

/// <summary>The signature of a text: the share of equal numbers in two of them estimates the Jaccard similarity of their shingles.</summary>
/// <remarks>Broder 1997. Shingles are runs of words; a letter of a script without spaces is a word of its own.</remarks>
sealed class MinHash
{
    readonly int _words;
    readonly uint[] _factors, _offsets;
    readonly uint[] _ring;

    public MinHash(int numbers, int words, long seed)
    {
        var random = new SeededRandom(seed);
        _words = words;
        _ring = new uint[words];
        _factors = [.. Enumerable.Range(0, numbers).Select(_ => (uint)random.NextBits() | 1)];
        _offsets = [.. Enumerable.Range(0, numbers).Select(_ => (uint)random.NextBits())];
    }

    /// <summary>The signature; texts of fewer words than a shingle has are one shingle.</summary>
    public void Run(ReadOnlySpan<char> text, Span<uint> signature)
    {
        signature.Fill(uint.MaxValue);
        var count = 0;
        for (var at = 0; at < text.Length;)
        {
            var length = Word(text[at..], out var hash);
            at += length;
            if (hash == 0)
                continue;
            _ring[count++ % _words] = hash;
            if (count >= _words)
                Add(Shingle(count, _words), signature);
        }
        if (count < _words)
            Add(count == 0 ? Whole(text) : Shingle(count, count), signature);
    }

    // The length of the word, or of what is no word (hash 0), at the start.
    static int Word(ReadOnlySpan<char> text, out uint hash)
    {
        hash = 0;
        if (!char.IsLetterOrDigit(text[0]) && !char.IsSurrogate(text[0]))
            return 1;
        var length = 0;
        var bits = 2166136261u; // FNV-1a
        do
            bits = (bits ^ char.ToLowerInvariant(text[length++])) * 16777619u;
        while (length < text.Length && char.IsLetterOrDigit(text[length]) && text[length] < FirstWithoutSpaces && text[length - 1] < FirstWithoutSpaces);
        hash = bits == 0 ? 1 : bits;
        return length;
    }

    const char FirstWithoutSpaces = '\u2E80';

    uint Shingle(int count, int words)
    {
        var hash = 0ul;
        for (var i = count - words; i < count; i++)
            hash = (BitOperations.RotateLeft(hash, 17) ^ _ring[i % _words]) * 0x9E3779B97F4A7C15UL;
        return Mixed(hash);
    }

    static uint Whole(ReadOnlySpan<char> text)
    {
        var hash = 1ul;
        foreach (var letter in text)
            hash = (hash ^ letter) * 0x9E3779B97F4A7C15UL;
        return Mixed(hash);
    }

    static uint Mixed(ulong hash)
    {
        hash = (hash ^ (hash >> 31)) * 0xBF58476D1CE4E5B9UL;
        return (uint)(hash >> 32);
    }

    void Add(uint shingle, Span<uint> signature)
    {
        var step = Vector<uint>.Count;
        var at = 0;
        for (; at + step <= signature.Length; at += step)
        {
            var hashed = new Vector<uint>(shingle) * new Vector<uint>(_factors, at) + new Vector<uint>(_offsets, at);
            Vector.Min(hashed, new Vector<uint>(signature[at..])).CopyTo(signature[at..]);
        }
        for (; at < signature.Length; at++)
            signature[at] = Math.Min(signature[at], shingle * _factors[at] + _offsets[at]);
    }
}
