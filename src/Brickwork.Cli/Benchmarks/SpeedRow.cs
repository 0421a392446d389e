namespace Brickwork.Cli.Benchmarks;

/// <summary>One measured speed.</summary>
/// <param name="Threads">Threads that worked.</param>
/// <param name="Sequences">Texts read or written at once.</param>
/// <param name="Rates">Tokens per second of each repeat.</param>
/// <param name="Share">How much of the processors the process got meanwhile.</param>
/// <param name="Work">What one token takes.</param>
/// <param name="AllocatedPerToken">Bytes of managed memory taken for each token, most of which a later collection gives back.</param>
sealed record SpeedRow(int Threads, int Sequences, Spread Rates, ProcessorShare Share, TokenWork Work, double AllocatedPerToken)
{
    /// <summary>Of the arithmetic that these threads could do.</summary>
    public double ShareOfPeak(MachineLimits limits) => Rates.Median * Work.Seconds(limits);

    /// <summary>Of the bytes that these threads could read, when every pass writes one token of one text.</summary>
    public double ShareOfBandwidth(MachineLimits limits) => Rates.Median * Work.Bytes / (limits.ReadGigabytes * 1e9);
}
