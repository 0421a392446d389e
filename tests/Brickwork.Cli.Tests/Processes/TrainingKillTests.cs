using System.Globalization;
using Brickwork.TestKit;

namespace Brickwork.Cli.Tests.Processes;

/// <summary>A training whose process is killed again and again must not notice.</summary>
public sealed class TrainingKillTests
{
    /// <summary>How often it is killed; the issue asks for 50, which takes some minutes.</summary>
    const string Variable = "BRICKWORK_KILLS";

    [Fact]
    public async Task A_training_killed_at_random_moments_ends_with_the_bits_of_one_that_was_not()
    {
        using var folder = new TemporaryFolder();
        var plan = folder.Write("plan.yml", TinyTraining.Plan);
        folder.Write("text.txt", TinyTraining.Text());
        (await TinyTraining.Run(plan, folder.File("whole"))).Code.ShouldBe(0);
        var kills = int.Parse(Environment.GetEnvironmentVariable(Variable) ?? "5", CultureInfo.InvariantCulture);
        var random = new SeededRandom(kills);

        var done = 0;
        while (done < kills)
        {
            using var process = new BrickProcess("train", plan, "--resume", "--quiet", "--threads", "2", "--out", folder.File("killed"));
            // From before the first line of a run to well within it.
            await Task.Delay(random.NextInt32(1800));
            if (process.IsRunning)
                done++;
            else
                Directory.Delete(folder.File("killed"), recursive: true);         // It was done: begin anew.
            process.Kill();
        }
        (await TinyTraining.Run(plan, folder.File("killed"), "--resume")).Code.ShouldBe(0);

        foreach (var file in (string[])["tiny.gguf", Path.Combine("checkpoints", "checkpoint-000000150.gguf")])
            File.ReadAllBytes(folder.File("killed", file)).ShouldBe(File.ReadAllBytes(folder.File("whole", file)), file);
        Timeless(folder.File("killed", "metrics.jsonl")).ShouldBe(Timeless(folder.File("whole", "metrics.jsonl")));
        Directory.GetFiles(folder.File("killed", "checkpoints")).Length.ShouldBe(2);
    }

    [SkippableFact]
    public async Task Ctrl_C_saves_a_checkpoint_and_ends_with_130()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "signals are sent with kill");
        using var folder = new TemporaryFolder();
        folder.Write("text.txt", TinyTraining.Text());
        var plan = folder.Write("plan.yml", TinyTraining.Plan.Replace("steps: 150", "steps: 1M", StringComparison.Ordinal));
        using var process = new BrickProcess("train", plan, "--out", folder.File("out"), "--json");
        while (process.IsRunning && !File.Exists(folder.File("out", "report.html")))
            await Task.Delay(50);

        process.Interrupt();

        var outcome = await process.Finish();
        outcome.Code.ShouldBe(130, outcome.Error);
        var end = outcome.Document();
        end.GetProperty("complete").GetBoolean().ShouldBeFalse();
        end.GetProperty("checkpoint").GetString()!.ShouldEndWith($"{end.GetProperty("step").GetInt64():D9}.gguf");
        File.Exists(end.GetProperty("checkpoint").GetString()).ShouldBeTrue();
    }

    /// <summary>The lines without what depends on the clock or the folder.</summary>
    static List<string> Timeless(string path) => [.. File.ReadLines(path).Where(line => !line.Contains("\"end\"", StringComparison.Ordinal))
        .Select(line => line.Split(",\"tokensPerSecond\"")[0])];
}
