namespace Brickwork.Inference.Speculation;

/// <summary>How long something took of late: the median of the last five times, which one interruption does not move.</summary>
sealed class RecentTime
{
    const int Kept = 5;

    readonly double[] _times = new double[Kept];
    readonly double[] _sorted = new double[Kept];
    int _count;

    internal bool IsKnown => _count > 0;

    /// <summary>0 where nothing was measured yet.</summary>
    internal double Seconds { get; private set; }

    internal void Add(double seconds)
    {
        _times[_count++ % Kept] = seconds;
        var known = _sorted.AsSpan(0, Math.Min(_count, Kept));
        _times.AsSpan(0, known.Length).CopyTo(known);
        known.Sort();
        Seconds = known[known.Length / 2];
    }
}
