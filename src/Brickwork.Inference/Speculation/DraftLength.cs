namespace Brickwork.Inference.Speculation;

/// <summary>How many tokens to guess for the next pass: the number given, or the one that promises the most tokens in the least time.</summary>
/// <remarks>
/// Leviathan et al. 2023, section 3.3, with measured times in place of a constant: while a pass is bound by memory, some more rows cost
/// nearly nothing, and where that ends differs from machine to machine and with the length of the text.
/// </remarks>
/// <param name="given">A fixed number; null = measure.</param>
/// <param name="most">The most worth trying.</param>
sealed class DraftLength(int? given, int most)
{
    const int FirstPause = 16;
    const int LongestPause = 256;

    // A guess counts less the older it is: 50 later it weighs a third.
    const double Memory = 0.98;
    const double Sure = 0.999;

    readonly RecentTime[] _passes = [.. Enumerable.Range(0, most + 1).Select(_ => new RecentTime())];
    readonly RecentTime _guess = new();
    // As if two guesses had been seen, 1.4 of them right: enough to begin with.
    double _right = 1.4;
    double _seen = 2;
    int _plainSteps;
    int _pause = FirstPause;

    /// <summary>The share of guesses that were right of late.</summary>
    internal double Acceptance => Math.Min(_right / _seen, Sure);

    /// <param name="extra">How many guesses are made beyond those that the pass checks: 0 or 1.</param>
    internal int Next(int extra)
    {
        if (given is { } number)
            return number;
        // What guessing may gain is seen only beside a pass without.
        if (!_passes[0].IsKnown)
            return 0;
        var best = Best(extra);
        if (best > 0)
        {
            (_plainSteps, _pause) = (0, FirstPause);
            return best;
        }

        if (++_plainSteps < _pause)
            return 0;
        (_plainSteps, _pause) = (0, Math.Min(2 * _pause, LongestPause));
        return 1;
    }

    internal void LearnGuess(bool right)
    {
        _right = _right * Memory + (right ? 1 : 0);
        _seen = _seen * Memory + 1;
    }

    /// <summary>Learns how long making one guess took.</summary>
    internal void LearnGuessTime(TimeSpan time) => _guess.Add(time.TotalSeconds);

    /// <summary>Learns how long a pass with so many guesses took.</summary>
    internal void LearnPassTime(int guesses, TimeSpan time)
    {
        if (guesses <= most)
            _passes[guesses].Add(time.TotalSeconds);
    }

    int Best(int extra)
    {
        var (best, bestRate) = (0, 0.0);
        // One more than was ever tried: the number climbs as long as that pays, and every step is measured.
        for (var guesses = 0; guesses <= Math.Min(LongestTried() + 1, most); guesses++)
        {
            var rate = ExpectedTokens(guesses) / (PassTime(guesses) + (guesses + extra) * _guess.Seconds);
            if (rate > bestRate)
                (best, bestRate) = (guesses, rate);
        }

        return best;
    }

    int LongestTried() => Array.FindLastIndex(_passes, pass => pass.IsKnown);

    /// <summary>The mean number of tokens that a pass with so many guesses gives: (1 − a^(g+1)) / (1 − a).</summary>
    internal double ExpectedTokens(int guesses) => (1 - Math.Pow(Acceptance, guesses + 1)) / (1 - Acceptance);

    // Between measured numbers the time grows evenly; beyond them it is hoped not to grow.
    double PassTime(int guesses)
    {
        var below = Array.FindLastIndex(_passes, guesses, pass => pass.IsKnown);
        var above = Array.FindIndex(_passes, guesses, pass => pass.IsKnown);
        return above <= below
            ? _passes[below].Seconds
            : double.Lerp(_passes[below].Seconds, _passes[above].Seconds, (double)(guesses - below) / (above - below));
    }
}
