using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Brickwork.EndToEnd;

/// <summary>The peer, through its driver.</summary>
sealed partial class PeerEngine(string driver, string libraries) : IEngine
{
    // The driver looks for 0.12 s how much of the processors it gets, before and after each phase.
    const double ProbeMilliseconds = 120;

    // Where the fields lie in the parameter structs of release v0.5.0; another release wants other numbers in the environment.
    static readonly Dictionary<string, string> Offsets = new()
    {
        ["LB_OFF_NT"] = "28", ["LB_OFF_FA"] = "52", ["LB_OFF_KV"] = "104", ["LB_OFF_UNIFIED"] = "133", ["LB_OFF_REPACK"] = "74",
    };

    public string Name => "llama.cpp";

    public (Measurement Prefill, Measurement Decode)? Speed(string model, int threads, int prompt, int generate, TimeSpan limit) =>
        Run(model, threads, prompt, generate, repetitions: 1, limit) is { } line
            ? (Phase(line, Prefill(), prompt), Phase(line, Decode(), generate))
            : null;

    public IReadOnlyDictionary<int, Measurement> Batch(string model, int threads, IReadOnlyList<int> sequences) =>
        Batches(Run(model, threads, 0, 0, repetitions: 1, Timeout.InfiniteTimeSpan, KeyValuePair.Create("LB_BATCH", "1"))!);

    public Measurement FirstToken(string model, int threads)
    {
        var clock = Stopwatch.StartNew();
        var line = Run(model, threads, prompt: 16, generate: 0, repetitions: 0, Timeout.InfiniteTimeSpan)!;
        return new Measurement(clock.Elapsed.TotalMilliseconds - 2 * ProbeMilliseconds, Number(line, Share()));
    }

    /// <summary>The rates of a line that ends in "batch[…]: B1 40.5 B2 39.1 …".</summary>
    public static IReadOnlyDictionary<int, Measurement> Batches(string line) =>
        Batched().Matches(line).ToDictionary(match => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture),
            match => new Measurement(double.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture), Number(line, Share())));

    static Measurement Phase(string line, Regex pattern, int tokens) => tokens == 0 ? default : new Measurement(Number(line, pattern), Number(line, Share()));

    string? Run(string model, int threads, int prompt, int generate, int repetitions, TimeSpan limit, params IEnumerable<KeyValuePair<string, string>> more)
    {
        var environment = Offsets.Where(pair => Environment.GetEnvironmentVariable(pair.Key) is null).Append(new("LD_LIBRARY_PATH", libraries)).Concat(more);
        return ProgramRun.TryOutput(driver, [libraries, model, .. new[] { threads, prompt, generate, repetitions }.Select(number => number.ToString(CultureInfo.InvariantCulture))], limit, environment);
    }

    static double Number(string line, Regex pattern) => pattern.Match(line) is { Success: true } match
        ? double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)
        : throw new InvalidDataException($"The peer's driver printed no {pattern}: {line}");

    [GeneratedRegex(@"\bpp\d+ ([\d.]+)")]
    private static partial Regex Prefill();

    [GeneratedRegex(@"\btg\d+ ([\d.]+)")]
    private static partial Regex Decode();

    [GeneratedRegex(@"\bshare ([\d.]+)")]
    private static partial Regex Share();

    [GeneratedRegex(@" B(\d+) ([\d.]+)")]
    private static partial Regex Batched();
}
