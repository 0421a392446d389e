using System.Globalization;
using System.Text.Json;
using Brickwork.Cli.Cards;
using Brickwork.Cli.Terminal;

namespace Brickwork.Cli.Benchmarks;

/// <summary>Everything <c>brick bench</c> found out.</summary>
sealed record BenchReport(ModelConfig Model, MachineProbe Machine, InstructionSet Path, double LoadMilliseconds, long PeakBytes)
{
    public List<SpeedRow> Prefill { get; } = [];

    public List<SpeedRow> Decode { get; } = [];

    public List<SpeedRow> Batch { get; } = [];

    /// <summary>Reading a token takes about two operations for each weight; the peak is one thread's F32 peak times the threads.</summary>
    double ShareOfPeak(SpeedRow row) => 2e-9 * Model.Parameters * row.Median / (Machine.Gigaflops * row.Threads);

    /// <summary>Writing a token reads every weight once; the limit is what one thread reads.</summary>
    double ShareOfBandwidth(SpeedRow row) => 1e-9 * Model.Bytes * row.Median / Machine.ReadGigabytes;

    public void Show(OutputStreams output)
    {
        var card = new Card($"{Model.Name} ({Numbers.Count(Model.Parameters)}, {Numbers.Bytes(Model.Bytes)})")
            .Row("machine", string.Create(CultureInfo.InvariantCulture, $"{Machine.Cpu}, {Path}; one thread reads {Machine.ReadGigabytes:F1} GB/s, multiplies {Machine.Gigaflops:F0} GFLOP/s"))
            .Row("load", string.Create(CultureInfo.InvariantCulture, $"{LoadMilliseconds:F0} ms, peak memory {Numbers.Bytes(PeakBytes)}"));
        foreach (var row in Prefill)
            card.Row($"read, {row.Threads} threads", Line(row, $"{ShareOfPeak(row):P0} of F32 peak"));
        foreach (var row in Decode)
            card.Row($"write, {row.Threads} threads", Line(row, $"{ShareOfBandwidth(row):P0} of one thread's bandwidth"));
        foreach (var row in Batch)
            card.Row($"write {row.Sequences} at once", Line(row, $"{row.Threads} threads"));
        card.Show(output);
    }

    static string Line(SpeedRow row, string extra) => string.Create(CultureInfo.InvariantCulture,
        $"{row.Median,8:F1} tokens/s (best {row.Best:F1}), {extra}, CPU share {row.Share:P0}");

    public void Write(Utf8JsonWriter json)
    {
        Rows(json, "prefill", Prefill, row => json.WriteNumber("shareOfPeak", Math.Round(ShareOfPeak(row), 4)));
        Rows(json, "decode", Decode, row => json.WriteNumber("shareOfBandwidth", Math.Round(ShareOfBandwidth(row), 4)));
        Rows(json, "batch", Batch, row => json.WriteNumber("sequences", row.Sequences));
        json.WriteStartObject("machine");
        json.WriteString("cpu", Machine.Cpu);
        json.WriteString("isa", Path.ToString().ToLowerInvariant());
        json.WriteNumber("readGBs", Math.Round(Machine.ReadGigabytes, 2));
        json.WriteNumber("gflops", Math.Round(Machine.Gigaflops, 1));
        json.WriteNumber("share", Math.Round(Prefill.Concat(Decode).Concat(Batch).Select(row => row.Share).DefaultIfEmpty(0).Average(), 3));
        json.WriteEndObject();
        json.WriteNumber("loadMs", Math.Round(LoadMilliseconds, 1));
        json.WriteNumber("peakBytes", PeakBytes);
    }

    static void Rows(Utf8JsonWriter json, string name, List<SpeedRow> rows, Action<SpeedRow> extra)
    {
        json.WriteStartArray(name);
        foreach (var row in rows)
        {
            json.WriteStartObject();
            json.WriteNumber("threads", row.Threads);
            extra(row);
            json.WriteNumber("tokensPerSecond", Math.Round(row.Median, 2));
            json.WriteNumber("best", Math.Round(row.Best, 2));
            json.WriteNumber("share", Math.Round(row.Share, 3));
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}
