using Brickwork.Bricks.Replay;

namespace Brickwork;

/// <summary>How a log is carried out again.</summary>
public sealed record ReplayOptions
{
    /// <summary>Files, and folders with all that is in them, where inputs are looked for by their hash; what lies beside the log and in the models folder is looked at in any case.</summary>
    public IReadOnlyList<string> Places { get; init; } = [];

    /// <summary>Whether an existing output is replaced, in one step, once the new one is complete.</summary>
    public bool Overwrite { get; init; }

    /// <summary>Threads that work; null = one per processor. Their number changes no byte.</summary>
    public int? Threads { get; init; }

    /// <summary>Told what a user should know although the work goes on.</summary>
    public Action<string>? Warn { get; init; }

    /// <summary>Called with the bytes done and in all of the operation under way.</summary>
    public Action<long, long>? Progress { get; init; }

    /// <summary>Stops; nothing is left behind.</summary>
    public CancellationToken CancellationToken { get; init; }

    /// <summary>Operations of projects above this one.</summary>
    internal IReadOnlyList<IReplay> More { get; init; } = [];
}

/// <summary>What a replay did.</summary>
/// <param name="Operations">How many operations were done again.</param>
/// <param name="Hash">The hash of what was made.</param>
/// <param name="IsSame">Whether it is the hash of what the log tells of; null where the log does not say.</param>
public sealed record ReplayReport(int Operations, string Hash, bool? IsSame);
