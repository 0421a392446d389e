using Brickwork.TestKit;

namespace Brickwork.Cli.Tests.Processes;

/// <summary>A training that finds no more room keeps what it has, says so, and goes on when there is room again.</summary>
public sealed class TrainingDiskTests
{
    const int NoRoom = 4;

    [SkippableFact]
    public async Task A_disk_that_fills_up_stops_a_training_which_later_ends_with_the_same_bits()
    {
        Skip.IfNot(LittleRoom.CanMount(), "this system lets no user mount a disk");
        using var folder = new TemporaryFolder();
        var plan = Write(folder, TinyTraining.Plan.Replace("keep: 2", "keep: 1000", StringComparison.Ordinal).Replace("steps: 150", "steps: 45", StringComparison.Ordinal));
        (await TinyTraining.Run(plan, folder.File("whole"))).Code.ShouldBe(0);

        var outcome = await OnDisk(folder, plan, 5 << 19);

        outcome.Code.ShouldBe(NoRoom, outcome.Error);
        var kept = Checkpoints(folder, "kept");
        kept.Count.ShouldBeInRange(1, 20);
        outcome.Error.ShouldContain("No space left");
        outcome.Error.Split("Training stopped after").Length.ShouldBe(2);
        outcome.Error.ShouldContain($"The last good checkpoint is {folder.File("disk", "checkpoints", kept[^1])}.");
        outcome.Error.ShouldContain("--resume");
        Unfinished(folder.File("kept")).ShouldBeEmpty();
        (await TinyTraining.Run(plan, folder.File("kept"), "--resume")).Code.ShouldBe(0);
        File.ReadAllBytes(folder.File("kept", "tiny.gguf")).ShouldBe(File.ReadAllBytes(folder.File("whole", "tiny.gguf")));
        Checkpoints(folder, "kept").ShouldBe(Checkpoints(folder, "whole"));
    }

    [SkippableFact]
    public async Task A_disk_filled_by_the_metrics_stops_a_training_in_words()
    {
        Skip.IfNot(LittleRoom.CanMount(), "this system lets no user mount a disk");
        using var folder = new TemporaryFolder();
        var plan = Write(folder, TinyTraining.Plan.Replace("steps: 150", "steps: 1M", StringComparison.Ordinal).Replace("every: 3,", "every: 1M,", StringComparison.Ordinal));

        var outcome = await OnDisk(folder, plan, 1 << 18);

        outcome.Code.ShouldBe(NoRoom, outcome.Error);
        outcome.Error.ShouldContain("No space left");
        outcome.Error.ShouldContain("There is no checkpoint yet.");
        File.ReadLines(folder.File("kept", Trainer.MetricsName)).Count().ShouldBeGreaterThan(10);
    }

    [SkippableFact]
    public async Task A_checkpoint_longer_than_files_may_be_leaves_nothing_half_written()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "files are limited with prlimit");
        using var folder = new TemporaryFolder();
        var plan = Write(folder, TinyTraining.Plan);
        using var process = BrickProcess.Under(LittleRoom.LongestFile(1 << 18), TinyTraining.Arguments(plan, folder.File("out")));

        var outcome = await process.Finish();

        outcome.Code.ShouldBe(NoRoom, outcome.Error);
        outcome.Error.ShouldContain("checkpoint-000000003.gguf cannot be written");
        outcome.Error.ShouldContain("Training stopped after step 3. There is no checkpoint yet.");
        Checkpoints(folder, "out").ShouldBeEmpty();
        Unfinished(folder.File("out")).ShouldBeEmpty();
    }

    static string Write(TemporaryFolder folder, string plan)
    {
        folder.Write("text.txt", TinyTraining.Text());
        return folder.Write("plan.yml", plan);
    }

    static async Task<Outcome> OnDisk(TemporaryFolder folder, string plan, int bytes)
    {
        Directory.CreateDirectory(folder.File("disk"));
        Directory.CreateDirectory(folder.File("kept"));
        using var process = BrickProcess.Under(
            LittleRoom.SmallDisk(folder.File("disk"), bytes, folder.File("kept")), TinyTraining.Arguments(plan, folder.File("disk")));
        return await process.Finish();
    }

    static List<string> Checkpoints(TemporaryFolder folder, string training) =>
        [.. Directory.GetFiles(folder.File(training, "checkpoints")).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    static string[] Unfinished(string folder) => Directory.GetFiles(folder, "*.partial", SearchOption.AllDirectories);
}
