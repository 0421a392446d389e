using System.Globalization;

namespace Brickwork.Models.Running;

/// <summary>How much memory the sequences of a run may take, and whether a context fits into it, told before any of it is taken.</summary>
/// <param name="WeightBytes">What the model's weights take.</param>
/// <param name="GivenBytes">The limit that the caller set; null = none.</param>
/// <param name="MachineBytes">The memory of this machine, or of the container it is.</param>
sealed record ContextMemory(long WeightBytes, long? GivenBytes, long MachineBytes)
{
    public static ContextMemory Of(ModelConfig model, RunnerOptions options) =>
        new(model.Bytes, options.CacheBytes, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);

    /// <summary>Bytes for all sequences: where nothing is given, what the weights leave, or half where they leave less.</summary>
    /// <remarks>Weights lie in files that can be read again; keys and values do not.</remarks>
    public long LimitBytes => GivenBytes ?? Math.Max(MachineBytes - WeightBytes, MachineBytes / 2);

    /// <summary>Refuses a context that no sequence could ever fill.</summary>
    /// <param name="states">Those of a sequence.</param>
    /// <param name="context">Tokens it is to hold.</param>
    /// <param name="chunkRows">Rows fed at once.</param>
    /// <exception cref="MemoryLimitException">It does not fit.</exception>
    public void Require(IReadOnlyList<SequenceState> states, int context, int chunkRows)
    {
        var needed = Needed(states, context, chunkRows);
        if (needed > LimitBytes)
            throw new MemoryLimitException(
                string.Create(CultureInfo.InvariantCulture, $"A context of {context:N0} tokens takes {Size(needed)} for keys and values; {Found}."),
                string.Create(CultureInfo.InvariantCulture, $"Give a smaller --context ({Longest(states, context, chunkRows):N0} tokens fit), or smaller keys and values: --kv q8_0 or q4_0."));
    }

    string Found => GivenBytes is { } given
        ? $"the limit that was set is {Size(given)}"
        : $"this machine has {Size(MachineBytes)}, of which the weights take {Size(WeightBytes)}";

    int Longest(IReadOnlyList<SequenceState> states, int tooLong, int chunkRows)
    {
        var fits = 0;
        while (tooLong - fits > 1)
        {
            var middle = fits + (tooLong - fits) / 2;
            (fits, tooLong) = Needed(states, middle, chunkRows) <= LimitBytes ? (middle, tooLong) : (fits, middle);
        }
        return fits;
    }

    static long Needed(IReadOnlyList<SequenceState> states, int context, int chunkRows) => states.Sum(state => state.BytesAt(context, chunkRows));

    static string Size(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:N1} GB");
}
