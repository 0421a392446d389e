using System.Numerics;

namespace Brickwork;

/// <summary>Random numbers that repeat: the same seed gives the same numbers on every machine and in every version.</summary>
/// <remarks>xoshiro256** (Blackman &amp; Vigna 2018), its 256-bit state filled by SplitMix64 from the seed. One thread at a time.</remarks>
/// <param name="seed">Any number; 0 is as good as any other.</param>
public sealed class SeededRandom(long seed)
{
    ulong _first = SplitMix(seed, 1);
    ulong _second = SplitMix(seed, 2);
    ulong _third = SplitMix(seed, 3);
    ulong _fourth = SplitMix(seed, 4);

    /// <summary>64 random bits.</summary>
    public ulong NextBits()
    {
        var result = BitOperations.RotateLeft(_second * 5, 7) * 9;
        var shifted = _second << 17;
        _third ^= _first;
        _fourth ^= _second;
        _second ^= _third;
        _first ^= _fourth;
        _third ^= shifted;
        _fourth = BitOperations.RotateLeft(_fourth, 45);
        return result;
    }

    /// <summary>A number in [0, 1), a multiple of 2^-53.</summary>
    public double NextDouble() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>A number in [0, 1), a multiple of 2^-24.</summary>
    public float NextSingle() => (NextBits() >> 40) * (1f / (1 << 24));

    /// <summary>A whole number in [0, <paramref name="bound"/>), each as likely.</summary>
    public int NextInt32(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bound);
        // Numbers in the incomplete last run would favour the low results; they are drawn again.
        var limit = ulong.MaxValue - ulong.MaxValue % (ulong)bound;
        ulong bits;
        do
            bits = NextBits();
        while (bits >= limit);
        return (int)(bits % (ulong)bound);
    }

    /// <summary>A number of the normal distribution with mean 0 and variance 1 (Box–Muller, cosine branch).</summary>
    public double NextGaussian() =>
        Math.Sqrt(-2 * Math.Log(1 - NextDouble())) * Math.Cos(2 * Math.PI * NextDouble());

    /// <summary>Puts the items in random order, every order as likely (Fisher–Yates).</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (var last = items.Length - 1; last > 0; last--)
        {
            var other = NextInt32(last + 1);
            (items[last], items[other]) = (items[other], items[last]);
        }
    }

    /// <summary>The state, for saving: four words.</summary>
    public (ulong First, ulong Second, ulong Third, ulong Fourth) State
    {
        get => (_first, _second, _third, _fourth);
        set => (_first, _second, _third, _fourth) = value;
    }

    // The n-th output of SplitMix64 (Steele, Lea & Flood 2014) started at the seed.
    static ulong SplitMix(long seed, ulong n)
    {
        var bits = unchecked((ulong)seed + n * 0x9E3779B97F4A7C15UL);
        bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9UL;
        bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EBUL;
        return bits ^ (bits >> 31);
    }
}
