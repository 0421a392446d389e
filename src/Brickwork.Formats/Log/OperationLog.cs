using Brickwork.Formats.Log;

namespace Brickwork;

/// <summary>How a model or a brick came to be: the operations that led to it, each after those whose results it read.</summary>
public static class OperationLog
{
    /// <summary>The metadata under which a model holds its log, one line of JSON for each operation.</summary>
    public const string Key = "brickwork.log";

    /// <summary>The version that is written into logs.</summary>
    public static string Version { get; } = typeof(OperationLog).Assembly.GetName().Version!.ToString(3);

    /// <summary>The log in the metadata of a model; empty where there is none.</summary>
    /// <exception cref="CheckpointException">It is no log, or one of a later version.</exception>
    public static IReadOnlyList<LoggedOperation> Of(Metadata metadata)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        return metadata.Find(Key)?.Value switch
        {
            null => [],
            string text => Parse(text, metadata.Source),
            string[] lines => Read(lines, metadata.Source),
            _ => throw OperationJson.Fault(metadata.Source, "is no text", "lines of JSON"),
        };
    }

    /// <summary>Reads lines of JSON; empty lines are passed over.</summary>
    /// <param name="text">The lines.</param>
    /// <param name="source">Where they come from, for messages.</param>
    /// <exception cref="CheckpointException">A line is no operation, or one of a later version.</exception>
    public static IReadOnlyList<LoggedOperation> Parse(string text, string source)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Read(text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries), source);
    }

    /// <summary>The log of what an operation makes: the logs of its inputs one after the other, everything once, then the operation.</summary>
    /// <param name="operation">The operation; where it names no inputs yet, they are those of the sources.</param>
    /// <param name="sources">What it reads.</param>
    internal static IReadOnlyList<LoggedOperation> After(LoggedOperation operation, IReadOnlyList<LoggedSource> sources)
    {
        List<LoggedOperation> log = [];
        var known = new HashSet<LoggedOperation>();
        foreach (var source in sources)
            for (var index = 0; index < source.Log.Count; index++)
            {
                var earlier = index == source.Log.Count - 1 ? source.Log[index] with { Output = source.Input.Hash } : source.Log[index];
                if (known.Add(earlier))
                    log.Add(earlier);
            }
        log.Add(operation.Inputs.Count > 0 ? operation : operation with { Inputs = [.. sources.Select(source => source.Input)] });
        return log;
    }

    /// <summary>Puts a log into the metadata of what it tells of.</summary>
    internal static void Write(Metadata metadata, IReadOnlyList<LoggedOperation> log)
    {
        if (log.Count > 0)
            metadata.Set(Key, log.Select(operation => operation.ToString()).ToArray());
    }

    /// <summary>The metadata of a safetensors file that libraries of PyTorch read, with a log.</summary>
    internal static Dictionary<string, string> TextsOf(IReadOnlyList<LoggedOperation> log)
    {
        var texts = new Dictionary<string, string> { ["format"] = "pt" };
        if (log.Count > 0)
            texts[Key] = string.Join('\n', log);
        return texts;
    }

    static List<LoggedOperation> Read(IEnumerable<string> lines, string source) => [.. lines.Select(line => OperationJson.Read(line, source))];
}
