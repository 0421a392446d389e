using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Brickwork.EndToEnd;

/// <summary>Our engine, through <c>brick bench</c> and <c>brick ask</c>.</summary>
sealed class BrickEngine(string program) : IEngine
{
    const int Depth = 128, Steps = 24;      // what the peer's driver does

    public string Name => "brick";

    /// <summary>The processor's name as the program states it.</summary>
    public string Processor { get; private set; } = "";

    /// <summary>The kernel path it took.</summary>
    public string InstructionSet { get; private set; } = "";

    /// <summary>Managed bytes allocated for each written token, as last seen.</summary>
    public double? AllocatedPerToken { get; private set; }

    /// <summary>Builds the program as this repository has it.</summary>
    /// <returns>Where it is.</returns>
    public static string Build()
    {
        ProgramRun.Output("dotnet", "build", "src/Brickwork.Cli", "-c", "Release", "-v", "quiet", "--nologo");
        return Path.Combine("artifacts", "bin", "Brickwork.Cli", "release", OperatingSystem.IsWindows() ? "Brickwork.Cli.exe" : "Brickwork.Cli");
    }

    public (Measurement Prefill, Measurement Decode)? Speed(string model, int threads, int prompt, int generate, TimeSpan limit)
    {
        if (Bench(model, threads, prompt, generate, depth: 0, [1], limit) is not { } json)
            return null;
        using (json)
            return (Rows(json, "prefill").Select(Of).FirstOrDefault(), Rows(json, "decode").Select(Of).FirstOrDefault());
    }

    public IReadOnlyDictionary<int, Measurement> Batch(string model, int threads, IReadOnlyList<int> sequences)
    {
        using var json = Bench(model, threads, prompt: 0, Steps, Depth, sequences, Timeout.InfiniteTimeSpan)!;
        var batches = Rows(json, "batch").ToDictionary(row => row.GetProperty("sequences").GetInt32(), Of);
        foreach (var single in Rows(json, "decode"))
            batches[1] = Of(single);
        return batches;
    }

    public Measurement FirstToken(string model, int threads)
    {
        var clock = Stopwatch.StartNew();
        ProgramRun.Output(program, "ask", "-m", model, "--tokens", string.Join(',', Enumerable.Range(1, 16)), "-n", "1", "--temperature", "0", "--threads", Text(threads), "--quiet");
        return new Measurement(clock.Elapsed.TotalMilliseconds, null);
    }

    /// <summary>Asks the program what it runs on, where no measurement has yet.</summary>
    public void Identify(string model)
    {
        if (Processor.Length == 0)
            Bench(model, threads: 1, prompt: 0, generate: 1, depth: 0, [1], Timeout.InfiniteTimeSpan)?.Dispose();
    }

    JsonDocument? Bench(string model, int threads, int prompt, int generate, int depth, IReadOnlyList<int> batch, TimeSpan limit)
    {
        var output = ProgramRun.TryOutput(program, ["bench", "-m", model, "--prompt", Text(prompt), "--generate", Text(generate), "--depth", Text(depth),
            "--batch", string.Join(',', batch), "--repeat", "1", "--threads", Text(threads), "--json"], limit);
        if (output is null)
            return null;
        var json = JsonDocument.Parse(output);
        var machine = json.RootElement.GetProperty("machine");
        Processor = machine.GetProperty("cpu").GetString()!;
        InstructionSet = machine.GetProperty("isa").GetString()!;
        AllocatedPerToken = Rows(json, "decode").Select(row => (double?)row.GetProperty("allocatedPerToken").GetDouble()).FirstOrDefault() ?? AllocatedPerToken;
        return json;
    }

    static IEnumerable<JsonElement> Rows(JsonDocument json, string name) => json.RootElement.GetProperty(name).EnumerateArray();

    static Measurement Of(JsonElement row) => new(row.GetProperty("tokensPerSecond").GetDouble(), row.GetProperty("share").GetDouble());

    static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
