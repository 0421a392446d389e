using System.Diagnostics;
using System.Globalization;
using Brickwork.TestKit;

namespace Brickwork.Cli.Tests.Processes;

/// <summary>A merge whose process is killed leaves nothing or all of it under the output's name, and runs again.</summary>
public sealed class MergeKillTests : IDisposable
{
    /// <summary>How often it is killed; the issue asks for 50, which takes some minutes.</summary>
    const string Variable = "BRICKWORK_KILLS";

    const string Recipe = "merge_method: dare_ties\nbase_model: brickwork-dense\nparameters: {weight: 0.5, density: 0.6}\nmodels: [{model: a.gguf}, {model: b.gguf}]\n";

    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("merged.gguf")]
    [InlineData("merged")]
    public async Task A_merge_killed_at_random_moments_leaves_nothing_or_all_of_it_and_runs_again(string output)
    {
        var recipe = _folder.Write("recipe.yml", Recipe);
        foreach (var (name, type) in ((string, string)[])[("a.gguf", "q8_0"), ("b.gguf", "q4_0")])
            (await Brick.Run("quantize", "brickwork-dense", _folder.File(name), "--to", type, "--quiet")).Code.ShouldBe(0);
        var start = Stopwatch.GetTimestamp();
        (await Merge(recipe, "whole" + output)).Code.ShouldBe(0);
        var milliseconds = (int)Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        var (kills, random) = (int.Parse(Environment.GetEnvironmentVariable(Variable) ?? "3", CultureInfo.InvariantCulture), new SeededRandom(5));
        var whole = Bytes("whole" + output);

        for (var done = 0; done < kills;)
        {
            using var process = Start(recipe, output);
            // Most of the time it reads and writes; a run that is slower than the first is killed early on, a faster one may be done.
            await Task.Delay(random.NextInt32(milliseconds));
            if (process.IsRunning)
                done++;
            process.Kill();
            if (Exists(output))
            {
                Bytes(output).ShouldBe(whole);
                Remove(output);
            }
            Leftovers().Count.ShouldBeLessThanOrEqualTo(1, "a run removes what the one before has left");
        }
        (await Merge(recipe, output)).Code.ShouldBe(0);

        Bytes(output).ShouldBe(whole);
        Leftovers().ShouldBeEmpty();
    }

    [SkippableTheory]
    [InlineData("merged.gguf")]
    [InlineData("merged")]
    public async Task Ctrl_C_ends_a_merge_with_130_and_leaves_the_old_output(string output)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "signals are sent with kill");
        (await Brick.Run("quantize", "brickwork-dense", _folder.File("a.gguf"), "--to", "q8_0", "--quiet")).Code.ShouldBe(0);
        // A tower of many layers takes seconds to make, and the process is interrupted when it begins to write.
        var floors = string.Join(", ", Enumerable.Repeat("{sources: [{model: a.gguf, layer_range: [0, 6]}]}", 20));
        var recipe = _folder.Write("tower.yml", $"merge_method: della_linear\nbase_model: brickwork-dense\nparameters: {{weight: 1, density: 0.5}}\nslices: [{floors}]\n");
        var old = output == "merged" ? _folder.Write(Path.Combine(output, "model.safetensors"), "old") : _folder.Write(output, "old");
        using var process = new BrickProcess("merge", recipe, _folder.File(output), "--force", "--threads", "1", "--json");
        while (process.IsRunning && Leftovers().Count == 0)
            await Task.Delay(5);

        process.Interrupt();

        var outcome = await process.Finish();
        outcome.Code.ShouldBe(130, outcome.Error);
        outcome.Error.ShouldNotContain("   at ");
        Leftovers().ShouldBeEmpty();
        File.ReadAllText(old).ShouldBe("old");
    }

    BrickProcess Start(string recipe, string output) => new("merge", recipe, _folder.File(output), "--quiet", "--seed", "3");

    async Task<Outcome> Merge(string recipe, string output)
    {
        using var process = Start(recipe, output);
        return await process.Finish();
    }

    List<string> Leftovers() => [.. Directory.GetFileSystemEntries(_folder.Path, "*.partial")];

    bool Exists(string output) => File.Exists(_folder.File(output)) || Directory.Exists(_folder.File(output));

    void Remove(string output)
    {
        if (Directory.Exists(_folder.File(output)))
            Directory.Delete(_folder.File(output), recursive: true);
        else
            File.Delete(_folder.File(output));
    }

    /// <summary>All files of an output, one after the other.</summary>
    byte[] Bytes(string output) => Directory.Exists(_folder.File(output))
        ? [.. Directory.GetFiles(_folder.File(output)).Order(StringComparer.Ordinal).SelectMany(File.ReadAllBytes)]
        : File.ReadAllBytes(_folder.File(output));
}
