using Brickwork.Cli.Tests.Processes;
using Brickwork.TestKit;

namespace Brickwork.Cli.Tests.Verbs;

public sealed class RepackCacheTests
{
    [SkippableFact]
    public async Task The_option_writes_a_file_beside_the_model_and_reads_it_again()
    {
        using var folder = new TemporaryFolder();
        var model = Quantized(folder);
        var expected = (await Ask(model)).Json().Ids("ids");

        (await Ask(model, "--repack-cache")).Json().Ids("ids").ShouldBe(expected);
        var written = File.ReadAllBytes(model + ".panels");
        (await Ask(model, "--repack-cache")).Json().Ids("ids").ShouldBe(expected);

        File.ReadAllBytes(model + ".panels").ShouldBe(written);
        Directory.EnumerateFiles(folder.Path).Count().ShouldBe(2);
    }

    [SkippableFact]
    public async Task A_damaged_file_is_a_warning()
    {
        using var folder = new TemporaryFolder();
        var model = Quantized(folder);
        var expected = (await Ask(model, "--repack-cache")).Json().Ids("ids");
        File.WriteAllBytes(model + ".panels", File.ReadAllBytes(model + ".panels")[..^7]);

        var outcome = await Ask(model, "--repack-cache");

        outcome.Code.ShouldBe(0);
        outcome.Error.ShouldStartWith("warning  the repack cache ");
        outcome.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(1);
        outcome.Document().Ids("ids").ShouldBe(expected);
        (await Ask(model, "--repack-cache")).Json().Ids("ids").ShouldBe(expected);
    }

    [SkippableFact]
    public async Task A_process_killed_while_it_writes_leaves_no_file_or_a_whole_one()
    {
        using var folder = new TemporaryFolder();
        var model = Quantized(folder, layers: 400);
        string[] arguments = ["ask", "--tokens", "3,4,5", "-n", "4", "--temperature", "0", "--json", "-m", model];
        var expected = (await Brick.Run(arguments)).Json().Ids("ids");
        for (var round = 0; round < 4; round++)
        {
            File.Delete(model + ".panels");
            using (var process = new BrickProcess([.. arguments, "--repack-cache"]))
                await KillWhileItWrites(process, folder.Path, round);

            var outcome = await Brick.Run([.. arguments, "--repack-cache"]);

            outcome.Json().Ids("ids").ShouldBe(expected);               // and no warning
            Directory.EnumerateFiles(folder.Path).ShouldBe([model, model + ".panels"], ignoreOrder: true);
        }
    }

    /// <summary>Waits for the unfinished file to appear, lets it grow for a moment, and kills the process, which may have ended by then.</summary>
    static async Task KillWhileItWrites(BrickProcess process, string folder, int milliseconds)
    {
        while (process.IsRunning && !Directory.EnumerateFiles(folder, "*.partial").Any())
            await Task.Yield();
        await Task.Delay(milliseconds);
        process.Kill();
    }

    static Task<Outcome> Ask(string model, params string[] options) => Brick.Run([.. Brick.StoryOf(model), "--json", .. options]);

    static string Quantized(TemporaryFolder folder, int layers = 2)
    {
        Skip.If(InstructionSets.Default < InstructionSet.Avx2, "no path with panels");
        var model = folder.File("pico.gguf");
        PicoModel.Save(PicoModel.LlamaCheckpoint(type: DType.Q4_0, layers: layers), model);
        return model;
    }
}
