namespace Brickwork.Kernels.Rope;

/// <summary>The cosines and sines of a rotary embedding by position, computed once in double precision and shared by all who ask.</summary>
/// <remarks>
/// The frequencies never change; the stored angles grow by pages of 256 positions. Texts without end take the places of pages far behind
/// them, so that memory stays bounded. Safe for many threads.
/// </remarks>
sealed class RopeTable
{
    const int PagePositions = 256;
    const int MostPages = 1024;
    readonly double[] _frequencies;
    readonly Lock _growing = new();
    Page?[] _pages = [];

    public RopeTable(RopeOptions options)
    {
        var pairs = options.Width / 2;
        if (options.Width < 2 || options.Width % 2 != 0)
            throw new ArgumentException($"The turning width is even and positive; found {options.Width}.", nameof(options));
        if (options.FrequencyFactors is { } factors && factors.Count < pairs)
            throw new ArgumentException($"{pairs} pairs need as many frequency factors; found {factors.Count}.", nameof(options));
        if (options.Frequencies is { } frequencies && frequencies.Count < pairs)
            throw new ArgumentException($"{pairs} pairs need as many frequencies; found {frequencies.Count}.", nameof(options));
        Options = options;
        _frequencies = [.. Enumerable.Range(0, pairs).Select(pair => RopeFrequencies.Of(pair, options))];
        Magnitude = RopeFrequencies.Magnitude(options);
    }

    public RopeOptions Options { get; }

    /// <summary>How many values of a head turn.</summary>
    public int Width => Options.Width;

    public RopeStyle Style => Options.Style;

    /// <summary>[n/2] radians per position.</summary>
    public ReadOnlySpan<double> Frequencies => _frequencies;

    /// <summary>The factor on cosines and sines.</summary>
    public double Magnitude { get; }

    /// <summary>The angles of one position, in the order <see cref="RopeKernel"/> wants.</summary>
    public ReadOnlySpan<float> Angles(int position)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        var pages = Volatile.Read(ref _pages);
        var number = position / PagePositions;
        var place = number % MostPages;
        var page = place < pages.Length ? Volatile.Read(ref pages[place]) : null;
        var count = RopeKernel.AngleCount(Style, Width);
        return (page?.Number == number ? page : Grow(number)).Angles.AsSpan(position % PagePositions * count, count);
    }

    /// <summary>The angles of a turn by <paramref name="steps"/> positions, back where negative, without the magnitude.</summary>
    public void Turn(int steps, Span<float> angles) => Compute(steps, 1, angles);

    Page Grow(int number)
    {
        var place = number % MostPages;
        lock (_growing)
        {
            if (place >= _pages.Length)
            {
                var larger = new Page?[Math.Max(place + 1, _pages.Length * 2)];
                _pages.CopyTo(larger, 0);
                Volatile.Write(ref _pages, larger);
            }
            if (_pages[place] is { } known && known.Number == number)
                return known;
            var page = new Page(number, ComputePage(number));
            Volatile.Write(ref _pages[place], page);
            return page;
        }
    }

    float[] ComputePage(int page)
    {
        var count = RopeKernel.AngleCount(Style, Width);
        var angles = new float[PagePositions * count];
        for (var i = 0; i < PagePositions; i++)
            Compute((page * PagePositions) + i, Magnitude, angles.AsSpan(i * count, count));
        return angles;
    }

    void Compute(int position, double magnitude, Span<float> angles)
    {
        for (var pair = 0; pair < _frequencies.Length; pair++)
        {
            var (sine, cosine) = Math.SinCos(position * _frequencies[pair]);
            var (x, y) = ((float)(cosine * magnitude), (float)(sine * magnitude));
            if (Style == RopeStyle.HalfSplit)
                (angles[pair], angles[_frequencies.Length + pair]) = (x, y);
            else
                (angles[2 * pair], angles[2 * pair + 1], angles[Width + 2 * pair], angles[Width + 2 * pair + 1]) = (x, x, -y, y);
        }
    }

    /// <summary>The angles of 256 positions from 256 · <paramref name="Number"/> on.</summary>
    sealed record Page(int Number, float[] Angles);
}
