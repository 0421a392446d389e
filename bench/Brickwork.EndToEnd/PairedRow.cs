namespace Brickwork.EndToEnd;

/// <summary>What a number says about an engine.</summary>
enum Unit
{
    /// <summary>Tokens per second: more is better.</summary>
    TokensPerSecond,

    /// <summary>Milliseconds: less is better.</summary>
    Milliseconds,
}

/// <summary>The runs of both engines at one thing, in turn: ours, theirs, ours, theirs.</summary>
sealed class PairedRow(string phase, int threads, Unit unit)
{
    readonly List<Measurement> _ours = [], _theirs = [];

    public string Phase { get; } = phase;

    public int Threads { get; } = threads;

    public Unit Unit { get; } = unit;

    public Side Ours => new(_ours, Unit);

    public Side Theirs => new(_theirs, Unit);

    /// <summary>How many times as good ours is: the median of ours to the median of theirs.</summary>
    public double RatioOfMedians => Ratio(Ours.Median, Theirs.Median);

    /// <summary>The median of the ratios of runs that followed each other: what slows both down for a while cancels out.</summary>
    public double MedianOfRatios => Side.Middle(_ours.Zip(_theirs, (ours, theirs) => Ratio(ours.Value, theirs.Value)));

    public void Add(Measurement ours, Measurement theirs)
    {
        _ours.Add(ours);
        _theirs.Add(theirs);
    }

    double Ratio(double ours, double theirs) => Unit == Unit.TokensPerSecond ? ours / theirs : theirs / ours;
}
