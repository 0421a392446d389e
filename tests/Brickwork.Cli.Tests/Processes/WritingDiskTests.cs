using Brickwork.TestKit;

namespace Brickwork.Cli.Tests.Processes;

/// <summary>Whoever writes a model or a brick and finds no more room says so, and leaves what was there before.</summary>
public sealed class WritingDiskTests : IDisposable
{
    const int NoRoom = 4;

    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> All() => ["merge", "merge to a folder", "convert", "quantize", "plug", "convert-brick", "convert-brick to a folder", "extract", "merge of bricks", "merge of bricks to a folder", "replay"];

    [SkippableTheory, MemberData(nameof(All))]
    public async Task A_disk_that_fills_up_leaves_the_old_output_and_nothing_else(string what)
    {
        Skip.IfNot(LittleRoom.CanMount(), "this system lets no user mount a disk");
        var (arguments, output, room) = await Prepare(what);
        Directory.CreateDirectory(_folder.File("disk"));
        var kept = Directory.CreateDirectory(_folder.File("kept")).FullName;

        using var process = BrickProcess.Under(LittleRoom.SmallDisk(_folder.File("disk"), room, kept), [.. arguments, "--quiet", "--json"]);
        var outcome = await process.Finish();

        outcome.ShouldBeRefused(NoRoom, "No space left", output).ShouldSayItInJson();
        Directory.GetFileSystemEntries(kept).ShouldBeEmpty();
    }

    [SkippableTheory, MemberData(nameof(All))]
    public async Task Files_that_may_not_be_as_long_leave_nothing(string what)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "files are limited with prlimit");
        var (arguments, output, room) = await Prepare(what);
        Directory.CreateDirectory(_folder.File("disk"));

        using var process = BrickProcess.Under(LittleRoom.LongestFile(room), [.. arguments, "--quiet", "--json"]);
        var outcome = await process.Finish();

        outcome.ShouldBeRefused(NoRoom, output).ShouldSayItInJson();
        Directory.GetFileSystemEntries(_folder.File("disk")).ShouldBeEmpty();
    }

    /// <summary>A call that writes to the disk, what it writes there, and fewer bytes than that takes.</summary>
    async Task<(string[] Arguments, string Output, int Bytes)> Prepare(string what)
    {
        var target = _folder.File("disk", what.EndsWith("folder", StringComparison.Ordinal) ? "out" : "out.gguf");
        switch (what)
        {
            case "merge" or "merge to a folder":
                var recipe = _folder.Write("recipe.yml", "merge_method: linear\nmodels: [{model: stories260k, parameters: {weight: 1}}]\n");
                return (["merge", recipe, target], target, 1 << 18);
            case "convert":
                return (["convert", Brick.Stories, target], target, 1 << 18);
            case "quantize":
                return (["quantize", Brick.Stories, target, "--to", "q8_0"], target, 1 << 17);
            case "plug":
                return (["plug", SavedBrick(), "-m", Brick.Stories, "--into-weights", "--out", target], target, 1 << 18);
            case "extract":
                foreach (var (name, seed) in ((string, int)[])[("base", 1), ("tuned", 2)])
                    PicoModel.Save(PicoModel.LlamaCheckpoint(seed), _folder.File(name + ".gguf"));
                return (["extract", _folder.File("base.gguf"), _folder.File("tuned.gguf"), target], target, 1 << 14);
            case "merge of bricks" or "merge of bricks to a folder":
                SavedBrick();
                return (["merge", _folder.Write("bricks.yml", "merge_method: cat\nbase_model: stories260k\nparameters: {weight: 1}\nbricks: [poet.brick]\n"), target], target, 1 << 14);
            case "replay":
                (await Brick.Run("convert", Brick.Stories, _folder.File("made.gguf"), "--quiet")).Code.ShouldBe(0);
                return (["replay", _folder.File("made.gguf"), target], target, 1 << 18);
            default:
                return (["convert-brick", SavedBrick(), target, "-m", Brick.Stories], target, 1 << 14);
        }
    }

    string SavedBrick()
    {
        using var model = LanguageModel.Load(Brick.Stories);
        var path = _folder.File("poet.brick");
        if (!File.Exists(path))
            new NewLora { Id = "poet", Targets = new("layers.*.attention.{query,value}"), Rank = 8 }.Make(model).Save(path);
        return path;
    }
}
