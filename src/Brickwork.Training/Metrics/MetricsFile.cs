using System.Text;
using Brickwork.Formats.Writing;

namespace Brickwork.Training.Metrics;

/// <summary>One JSON object a line: steps, measurements, samples and the end. What a resumed training does again is dropped first.</summary>
sealed class MetricsFile : IDisposable
{
    readonly FileStream _stream;

    MetricsFile(FileStream stream, string last, MetricsHistory history) => (_stream, Last, History) = (stream, last, history);

    /// <summary>The last line.</summary>
    public string Last { get; private set; }

    /// <summary>What the lines say.</summary>
    public MetricsHistory History { get; }

    /// <summary>Opens a file to go on after a step; lines of later steps, and one that a killed process left half-written, are dropped.</summary>
    /// <param name="path">The file; made where there is none.</param>
    /// <param name="stepsDone">0 to begin anew.</param>
    public static MetricsFile Open(string path, long stepsDone)
    {
        var history = new MetricsHistory();
        List<string> kept = [];
        foreach (var line in stepsDone > 0 && File.Exists(path) ? File.ReadLines(path) : [])
            if (MetricsLine.TryRead(line) is { } record && record.Step <= stepsDone && record is not EndRecord)
            {
                kept.Add(line);
                history.Add(record);
            }
        AtomicFile.WriteAll(path, Encoding.UTF8.GetBytes(string.Concat(kept.Select(line => line + "\n"))), ExistingFiles.Replace);
        // Without a buffer: a process that is killed loses no line of a step that a checkpoint counts as done, and a full disk is met once.
        var stream = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
        return new MetricsFile(stream, kept.LastOrDefault("{}"), history);
    }

    public void Add(MetricsRecord record)
    {
        Last = MetricsLine.Write(record);
        _stream.Write(Encoding.UTF8.GetBytes(Last + "\n"));
        History.Add(record);
    }

    /// <summary>Makes the lines durable, before a checkpoint that counts on them.</summary>
    public void Flush() => _stream.Flush(flushToDisk: true);

    public void Dispose() => _stream.Dispose();
}
