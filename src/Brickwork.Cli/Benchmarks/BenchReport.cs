using System.Globalization;
using Brickwork.Cli.Cards;
using Brickwork.Cli.Terminal;

namespace Brickwork.Cli.Benchmarks;

/// <summary>Everything <c>brick bench</c> found out.</summary>
sealed record BenchReport(ModelConfig Model, InstructionSet Path, FirstToken First, SpeedRows Rows, MachineProbe Machine, long PeakBytes)
{
    /// <summary>The mean over all rows.</summary>
    public double Share => Rows.Prefill.Concat(Rows.Decode).Concat(Rows.Batch).Select(row => row.Share.Got).DefaultIfEmpty(1).Average();

    public void Show(OutputStreams output)
    {
        var card = new Card($"{Model.Name} ({Numbers.Count(Model.Parameters)}, {Numbers.Bytes(Model.Bytes)})")
            .Row("machine", $"{Machine.Cpu}, {Path}")
            .Row("1 thread", Limits(Machine.One))
            .Row($"{Machine.All.Threads} threads", Machine.All.Threads > 1 ? Limits(Machine.All) : null)
            .Row("first token", Text($"{First.Milliseconds:F0} ms after the start of loading ({First.LoadMilliseconds:F0} ms), {First.PromptTokens} tokens read"))
            .Row("peak memory", Numbers.Bytes(PeakBytes));
        foreach (var row in Rows.Prefill)
            card.Row($"read, {Threads(row)}", Line(row, Text($"{row.ShareOfPeak(Machine.Limits[row.Threads]):P0} of peak")));
        foreach (var row in Rows.Decode)
            card.Row($"write, {Threads(row)}", Line(row, Text($"{row.ShareOfBandwidth(Machine.Limits[row.Threads]):P0} of bandwidth, {row.AllocatedPerToken:F0} B allocated a token")));
        foreach (var row in Rows.Batch)
            card.Row($"write {row.Sequences} at once", Line(row, Threads(row)));
        card.Show(output);
    }

    static string Limits(MachineLimits limits) => Text($"reads {limits.ReadGigabytes:F1} GB/s, multiplies {limits.Gigaflops:F0} GFLOP/s in F32")
        + (limits.ByteGigaops is { } bytes ? Text($", {bytes:F0} GOP/s in bytes") : "");

    static string Threads(SpeedRow row) => row.Threads == 1 ? "1 thread" : $"{row.Threads} threads";

    static string Line(SpeedRow row, string extra) => Text($"{row.Rates.Median,8:F1} tokens/s (best {row.Rates.Largest:F1}), {extra}, CPU share {row.Share.Got:P0}");

    static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
