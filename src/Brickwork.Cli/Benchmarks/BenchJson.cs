using System.Text.Json;

namespace Brickwork.Cli.Benchmarks;

/// <summary>The JSON document of <c>brick bench</c>.</summary>
static class BenchJson
{
    public static void Write(Utf8JsonWriter json, BenchReport report)
    {
        Rows(json, "prefill", report.Rows.Prefill, row => Peak(json, row, report.Machine.Limits[row.Threads]));
        Rows(json, "decode", report.Rows.Decode, row => Bandwidth(json, row, report.Machine.Limits[row.Threads]));
        Rows(json, "batch", report.Rows.Batch, row => json.WriteNumber("sequences", row.Sequences));
        json.WriteStartObject("machine");
        json.WriteString("cpu", report.Machine.Cpu);
        json.WriteString("isa", report.Path.ToString().ToLowerInvariant());
        Limits(json, report.Machine.One, "");
        Limits(json, report.Machine.All, "All");
        Number(json, "share", report.Share, 3);
        json.WriteEndObject();
        Number(json, "loadMs", report.First.LoadMilliseconds, 1);
        Number(json, "firstTokenMs", report.First.Milliseconds, 1);
        json.WriteNumber("peakBytes", report.PeakBytes);
    }

    static void Peak(Utf8JsonWriter json, SpeedRow row, MachineLimits limits)
    {
        Number(json, "shareOfPeak", row.ShareOfPeak(limits), 4);
        Number(json, "peakGops", row.Work.Operations / row.Work.Seconds(limits) / 1e9, 1);
        Number(json, "operationsPerToken", row.Work.Operations, 0);
    }

    static void Bandwidth(Utf8JsonWriter json, SpeedRow row, MachineLimits limits)
    {
        Number(json, "shareOfBandwidth", row.ShareOfBandwidth(limits), 4);
        Number(json, "readGBs", limits.ReadGigabytes, 2);
        Number(json, "bytesPerToken", row.Work.Bytes, 0);
    }

    static void Limits(Utf8JsonWriter json, MachineLimits limits, string suffix)
    {
        Number(json, $"readGBs{suffix}", limits.ReadGigabytes, 2);
        Number(json, $"gflops{suffix}", limits.Gigaflops, 1);
        if (limits.ByteGigaops is { } bytes)
            Number(json, $"int8Gops{suffix}", bytes, 1);
    }

    static void Rows(Utf8JsonWriter json, string name, List<SpeedRow> rows, Action<SpeedRow> extra)
    {
        json.WriteStartArray(name);
        foreach (var row in rows)
        {
            json.WriteStartObject();
            json.WriteNumber("threads", row.Threads);
            extra(row);
            Number(json, "tokensPerSecond", row.Rates.Median, 2);
            Number(json, "best", row.Rates.Largest, 2);
            Number(json, "allocatedPerToken", row.AllocatedPerToken, 0);
            Number(json, "share", row.Share.Got, 3);
            Number(json, "stolen", row.Share.Stolen, 3);
            if (row.Share.Others is { } others)
                Number(json, "othersBusy", others, 2);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    static void Number(Utf8JsonWriter json, string name, double value, int digits) => json.WriteNumber(name, Math.Round(value, digits));
}
