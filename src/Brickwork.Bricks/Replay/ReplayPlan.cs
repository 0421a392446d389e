namespace Brickwork.Bricks.Replay;

/// <summary>One operation to do again, and where its inputs come from: files that were found, or steps before it.</summary>
/// <param name="Operation">As it stands in the log of what it makes.</param>
/// <param name="Inputs">A path, or the step that makes the input.</param>
/// <param name="Output">The hash it must have; null where nobody knows.</param>
sealed record ReplayStep(LoggedOperation Operation, IReadOnlyList<(string? Path, ReplayStep? Step)> Inputs, string? Output);

/// <summary>Finds out which operations of a log must be done again: those whose results are not found among the files.</summary>
sealed class ReplayPlan
{
    readonly LogFile _log;
    readonly InputSearch _search;
    readonly CancellationToken _cancellation;
    readonly Dictionary<string, ReplayStep> _byOutput = new(StringComparer.Ordinal);
    readonly List<ReplayStep> _steps = [];
    readonly List<LoggedInput> _missing = [];

    ReplayPlan(LogFile log, InputSearch search, CancellationToken cancellation) => (_log, _search, _cancellation) = (log, search, cancellation);

    /// <summary>The steps, each after those it needs; the last makes the result.</summary>
    /// <exception cref="CheckpointException">There is no log, or inputs are missing; all of them are named.</exception>
    public static IReadOnlyList<ReplayStep> Of(LogFile log, InputSearch search, CancellationToken cancellation)
    {
        if (log.Operations is not [.., var last])
            throw new CheckpointException($"{log.Source} holds no log; expected operations under '{OperationLog.Key}'.", "Name a model or a brick that brick has written, or the lines of brick inspect --log.");
        var plan = new ReplayPlan(log, search, cancellation);
        plan.Add(last with { Output = null }, log.Hash, log.Operations.Count - 1);
        return plan._missing.Count == 0 ? plan._steps : throw plan.Missing();
    }

    // Only operations before this one can have made its inputs, so that a log in a circle ends.
    ReplayStep Add(LoggedOperation operation, string? output, int before)
    {
        List<(string?, ReplayStep?)> inputs = [];
        foreach (var input in operation.Inputs)
            inputs.Add(Find(input, before));
        var step = new ReplayStep(operation, inputs, output);
        _steps.Add(step);
        if (output is not null)
            _byOutput[output] = step;
        return step;
    }

    (string? Path, ReplayStep? Step) Find(LoggedInput input, int before)
    {
        if (input.Hash is { } hash)
        {
            if (_byOutput.TryGetValue(hash, out var known))
                return (null, known);
            if (_search.Find(input, _cancellation) is { } path)
                return (path, null);
            for (var index = 0; index < before; index++)
                if (_log.Operations[index] is { Output: { } made } maker && made == hash && maker.Inputs.All(needed => needed.Hash is not null))
                    return (null, Add(maker with { Output = null }, hash, index));
        }
        if (!_missing.Contains(input))
            _missing.Add(input);
        return (null, null);
    }

    CheckpointException Missing() => new(
        $"The log {_log.Source} asks for {string.Join(", ", _missing.Select(Describe))}; found none of that hash among {_search.Count} files, folders and embedded models.",
        _missing.Exists(input => input.Hash is null) ? "What was in memory only cannot be made again from files." : "Name the file, or a folder in which to look for it: --from PATH");

    static string Describe(LoggedInput input) => input.Hash is { } hash
        ? $"the {input.Role} {input.Name} ({input.Bytes} bytes, SHA-256 {hash})"
        : $"the {input.Role} '{input.Name}', which was in memory only";
}
