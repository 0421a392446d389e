namespace Brickwork.Inference.Sampling;

/// <summary>The tokens still in play, with their logits. The memory is used again for every token.</summary>
/// <remarks>
/// A candidate is one 64-bit key: the logit, mapped so that higher logits are smaller numbers, above the token id. Sorting keys therefore
/// ranks by logit and breaks ties by id, lower first, whatever the order they came in. Only as many are ranked as a step asks for.
/// </remarks>
sealed class Candidates(int vocabulary)
{
    readonly ulong[] _keys = new ulong[vocabulary];
    readonly double[] _weights = new double[vocabulary];
    int _ranked;

    internal int Count { get; private set; }

    internal int Id(int rank) => (int)(uint)_keys[rank];

    internal float Logit(int rank) => ToLogit(_keys[rank]);

    /// <summary>The rank of a token in the present order; null where it is no candidate.</summary>
    internal int? RankOf(int id)
    {
        for (var rank = 0; rank < Count; rank++)
            if (Id(rank) == id)
                return rank;
        return null;
    }

    internal Span<ulong> Keys => _keys.AsSpan(0, Count);

    /// <summary>Takes every token that is not banned by a logit of minus infinity.</summary>
    internal void Load(ReadOnlySpan<float> logits)
    {
        var count = 0;
        for (var id = 0; id < logits.Length; id++)
            if (!float.IsNegativeInfinity(logits[id]))
                _keys[count++] = ToKey(logits[id], id);
        Count = count;
        _ranked = 0;
    }

    /// <summary>Brings the likeliest <paramref name="count"/> to the front, likeliest first.</summary>
    internal void Rank(int count) => _ranked = PartialRanking.Extend(Keys, _ranked, Math.Min(count, Count));

    /// <summary>Keeps the first <paramref name="count"/> in the present order.</summary>
    internal void Truncate(int count)
    {
        Count = count;
        _ranked = Math.Min(_ranked, count);
    }

    /// <summary>Keeps the first <paramref name="count"/>, which a step has changed, and ranks them.</summary>
    internal void Reorder(int count)
    {
        Count = count;
        _ranked = 0;
        Rank(count);
    }

    /// <summary>Divides the distance of every logit to the highest, which becomes 0: tiny divisors then cannot overflow.</summary>
    internal void Divide(float divisor)
    {
        var highest = Highest();
        foreach (ref var key in Keys)
            key = ToKey((ToLogit(key) - highest) / divisor, (int)(uint)key);
        // Different logits may have become equal, and equals rank by id.
        _ranked = 0;
    }

    /// <summary>The likeliest logit.</summary>
    internal float Highest()
    {
        if (_ranked > 0)
            return Logit(0);
        var best = ulong.MaxValue;
        foreach (var key in Keys)
            best = Math.Min(best, key);
        return ToLogit(best);
    }

    /// <summary>The softmax over the candidates.</summary>
    internal Softmax Softmax()
    {
        double highest = Highest(), sum = 0;
        foreach (var key in Keys)
            sum += Math.Exp(ToLogit(key) - highest);
        return new Softmax(highest, sum);
    }

    /// <summary>The softmax of the candidates, in their present order; valid until the next call.</summary>
    internal Span<double> Probabilities()
    {
        var weights = _weights.AsSpan(0, Count);
        double highest = Highest(), sum = 0;
        for (var rank = 0; rank < weights.Length; rank++)
            sum += weights[rank] = Math.Exp(Logit(rank) - highest);
        foreach (ref var weight in weights)
            weight /= sum;
        return weights;
    }

    internal static ulong ToKey(float logit, int id)
    {
        // Adding zero turns −0 into +0: the two are one logit.
        var bits = BitConverter.SingleToUInt32Bits(logit + 0f);
        var rising = (bits & 0x8000_0000) != 0 ? ~bits : bits | 0x8000_0000;
        return (ulong)~rising << 32 | (uint)id;
    }

    static float ToLogit(ulong key)
    {
        var rising = ~(uint)(key >> 32);
        return BitConverter.UInt32BitsToSingle((rising & 0x8000_0000) != 0 ? rising & 0x7FFF_FFFF : ~rising);
    }
}

/// <summary>What turns a logit into a probability.</summary>
/// <param name="Highest">The highest logit.</param>
/// <param name="Sum">The sum of the exponentials of all distances to it.</param>
readonly record struct Softmax(double Highest, double Sum)
{
    internal double Of(float logit) => Math.Exp(logit - Highest) / Sum;
}
