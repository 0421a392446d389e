namespace Brickwork.Bricks.Merge;

/// <summary>Random numbers by place instead of by order: each element of each tensor of each model has its own, whoever asks first.</summary>
/// <remarks>
/// Philox 4×32 with ten rounds (Salmon et al. 2011): the key is made of seed, operation, model and tensor, the counter is the element.
/// So neither shards nor threads nor the order of tensors change a merge.
/// </remarks>
readonly struct MergeRandom
{
    const int Rounds = 10;

    readonly uint _firstKey, _secondKey, _firstWord, _secondWord;

    /// <param name="seed">The seed of the whole merge.</param>
    /// <param name="operation">What the numbers are for, such as <c>dare</c>.</param>
    /// <param name="model">The number of the model in the recipe.</param>
    /// <param name="tensor">The tensor's name.</param>
    public MergeRandom(long seed, string operation, int model, string tensor)
    {
        var key = Mix(Hash(operation, unchecked((ulong)seed)), (ulong)model);
        var words = Hash(tensor, key);
        (_firstKey, _secondKey) = ((uint)key, (uint)(key >> 32));
        (_firstWord, _secondWord) = ((uint)words, (uint)(words >> 32));
    }

    /// <summary>The number of one element, in [0, 1), a multiple of 2^-53.</summary>
    public double Of(long element)
    {
        var (a, b, c, d) = ((uint)element, (uint)(element >> 32), _firstWord, _secondWord);
        var (k, l) = (_firstKey, _secondKey);
        for (var round = 0; round < Rounds; round++)
        {
            var (left, right) = (0xD2511F53UL * a, 0xCD9E8D57UL * c);
            (a, b, c, d) = ((uint)(right >> 32) ^ b ^ k, (uint)right, (uint)(left >> 32) ^ d ^ l, (uint)left);
            unchecked
            {
                k += 0x9E3779B9;
                l += 0xBB67AE85;
            }
        }
        return (((ulong)a << 32 | b) >> 11) * (1.0 / (1UL << 53));
    }

    // FNV-1a over the letters, then mixed: names differ in few bits.
    static ulong Hash(string text, ulong start)
    {
        var hash = Mix(0xCBF29CE484222325, start);
        foreach (var letter in text)
            hash = unchecked((hash ^ letter) * 0x100000001B3);
        return Mix(hash, (ulong)text.Length);
    }

    // SplitMix64 (Steele, Lea & Flood 2014).
    static ulong Mix(ulong bits, ulong other)
    {
        unchecked
        {
            bits += (other + 1) * 0x9E3779B97F4A7C15;
            bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9;
            bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB;
            return bits ^ (bits >> 31);
        }
    }
}
