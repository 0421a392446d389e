namespace Brickwork.Bricks.Route;

/// <summary>The (1+1) evolution strategy: a random step is taken where it is no worse; steps grow where they succeed and shrink where they fail.</summary>
/// <remarks>Rechenberg 1973; with factors 2 and 2^(−1/4), steps stay as long as one in five succeeds.</remarks>
sealed class OnePlusOne(int count, float bound, long seed)
{
    readonly SeededRandom _random = new(seed);
    double _length = 1, _cost;

    /// <summary>The best numbers so far.</summary>
    public float[] Best { get; private set; } = new float[count];

    public void Begin(Func<float[], double> cost) => _cost = cost(Best);

    /// <summary>Tries one step; says whether it was taken.</summary>
    public bool Step(Func<float[], double> cost)
    {
        float[] next = [.. Best.Select(value => (float)Math.Clamp(value + _length * _random.NextGaussian(), -bound, bound))];
        var found = cost(next);
        var isBetter = found < _cost;
        if (isBetter)
            (Best, _cost) = (next, found);
        _length = Math.Clamp(_length * (isBetter ? 2 : Math.Pow(2, -0.25)), 1e-3, bound);
        return isBetter;
    }
}
