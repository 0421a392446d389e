namespace Brickwork.Cli.Benchmarks;

/// <summary>All speeds of one model.</summary>
sealed class SpeedRows
{
    /// <summary>Reading a prompt.</summary>
    public List<SpeedRow> Prefill { get; } = [];

    /// <summary>Writing one text.</summary>
    public List<SpeedRow> Decode { get; } = [];

    /// <summary>Writing several texts at once.</summary>
    public List<SpeedRow> Batch { get; } = [];
}
