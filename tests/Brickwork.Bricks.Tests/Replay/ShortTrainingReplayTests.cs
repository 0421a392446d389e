using Brickwork.Bricks.Tests.Plug;
using Brickwork.TestKit;

namespace Brickwork.Bricks.Tests.Replay;

/// <summary>Gates and fusions are trained again from their logs, to the same bytes; and everything the logs say decides them.</summary>
public sealed class ShortTrainingReplayTests : IDisposable
{
    static readonly ShortTraining Short = new() { Steps = 4, Rate = 0.02f };

    readonly TemporaryFolder _folder = new();

    public ShortTrainingReplayTests()
    {
        PicoModel.Save(PicoModel.LlamaCheckpoint(1, type: DType.Q8_0), _folder.File("a.gguf"));
        using var model = LanguageModel.Load(_folder.File("a.gguf"));
        foreach (var (name, seed) in ((string, int)[])[("one", 1), ("two", 2)])
            PicoBricks.Make("lora", model, seed).Describe(manifest => manifest with { Id = name }).Save(_folder.File(name + ".brick"));
        _folder.Write("sea.txt", "The old man went to the sea.\n\nThe sea was calm, and the man was old.\n\nHe slept.");
        foreach (var file in (string[])["hills.txt", "woods/trees.txt", "woods/paths.txt"])
            _folder.Write(Path.Combine("land", file), $"A road goes over the {Path.GetFileNameWithoutExtension(file)} and back.\n\nNobody is there, not even {file}.");
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("brick", "gates"), InlineData("gguf", "gates"), InlineData("peft", "gates")]
    [InlineData("brick", "fuse"), InlineData("gguf", "fuse"), InlineData("peft", "fuse")]
    public void What_was_trained_is_trained_again_from_files_with_other_names(string form, string operation)
    {
        var log = Train(operation, _folder.File("out.brick"), form);
        log[^1].Name.ShouldBe(operation);
        log[^1].Inputs.ShouldAllBe(input => input.Hash != null);

        var report = Again(_folder.File("out.brick"));

        report.IsSame.ShouldBe(true);
        File.ReadAllBytes(_folder.File("again.brick")).ShouldBe(File.ReadAllBytes(_folder.File("out.brick")));
        Directory.GetFileSystemEntries(_folder.Path).Select(Path.GetFileName).Order().ShouldBe(["again.brick", "elsewhere", "out.brick"]);
    }

    [Theory]
    [InlineData("gates", "steps", "5"), InlineData("gates", "rate", "0.03"), InlineData("gates", "documents", "1"), InlineData("gates", "length", "5")]
    [InlineData("gates", "batchTokens", "8"), InlineData("gates", "precision", "Exact"), InlineData("gates", "instructionSet", "Reference"), InlineData("gates", "bricks", "renamed")]
    [InlineData("fuse", "steps", "5"), InlineData("fuse", "width", "3"), InlineData("fuse", "seed", "9"), InlineData("fuse", "bricks", "two\none"), InlineData("fuse", "id", "other")]
    public void Another_argument_gives_other_bytes(string operation, string argument, string value)
    {
        var log = Train(operation, _folder.File("out.brick"));
        var last = log[^1];
        var arguments = new Dictionary<string, string>(last.Arguments);
        var changed = last with { Output = LogFile.Open(_folder.File("out.brick")).Hash, Seed = argument == "seed" ? last.Seed + 1 : last.Seed };
        if (argument != "seed")
        {
            arguments.ShouldContainKey(argument);
            arguments[argument] = value;
            changed = changed with { Arguments = arguments };
        }

        Again(_folder.Write("changed.log", string.Join('\n', log.SkipLast(1).Append(changed)))).IsSame.ShouldBe(false);
    }

    [Fact]
    public void The_kernel_path_and_the_rounding_are_those_of_the_first_time()
    {
        using (var model = LanguageModel.Load(_folder.File("a.gguf"), new LoadOptions { InstructionSet = InstructionSet.Reference, Precision = Precision.Exact, Context = 12, Threads = 2 }))
            model.TrainGates(Brick.Open(_folder.File("one.brick")), Texts(), Short).Save(_folder.File("out.brick"));

        Again(_folder.File("out.brick")).IsSame.ShouldBe(true);
    }

    [Fact]
    public void A_kernel_path_that_is_not_here_is_refused()
    {
        var log = Train("gates", _folder.File("out.brick"));
        var text = string.Join('\n', log).Replace($"\"instructionSet\":\"{log[^1].Arguments["instructionSet"]}\"", "\"instructionSet\":\"Abacus\"", StringComparison.Ordinal);

        Should.Throw<UnsupportedModelException>(() => Again(_folder.Write("other.log", text))).Message.ShouldContain("Abacus");
        File.Exists(_folder.File("again.brick")).ShouldBeFalse();
    }

    [Fact]
    public void A_brick_that_is_missing_is_made_again_before_its_gates()
    {
        using (var model = LanguageModel.Load(_folder.File("a.gguf")))
        {
            LoraSum.Of("sum", [Brick.Open(_folder.File("one.brick")), Brick.Open(_folder.File("two.brick"))], [0.5f, 2]).Save(_folder.File("sum.brick"));
            model.TrainGates(Brick.Open(_folder.File("sum.brick")), Texts(), Short).Save(_folder.File("out.brick"));
        }
        File.Delete(_folder.File("sum.brick"));

        var report = Again(_folder.File("out.brick"));

        (report.Operations, report.IsSame).ShouldBe((2, true));
    }

    [Fact]
    public void Texts_and_plugged_bricks_that_were_in_memory_only_are_named()
    {
        using var model = LanguageModel.Load(_folder.File("a.gguf"));
        using var plugged = model.Plug(Brick.Open(_folder.File("two.brick")));
        var brick = Brick.Open(_folder.File("one.brick"));
        model.TrainGates(brick, Texts().Batches(model), Short).Save(_folder.File("tokens.brick"));
        plugged.TrainGates(brick, Texts(), Short).Save(_folder.File("plugged.brick"));

        foreach (var (file, what) in ((string, string)[])[("tokens.brick", "texts"), ("plugged.brick", "plugged 'two'")])
        {
            var fault = Should.Throw<CheckpointException>(() => OperationReplay.Run(_folder.File(file), _folder.File("again.brick"), new ReplayOptions { Places = [_folder.Path] }));
            fault.Message.ShouldContain(what);
            fault.Message.ShouldContain("in memory only");
        }
    }

    [Theory]
    [InlineData("one.brick"), InlineData("hills.txt"), InlineData("sea.txt")]
    public void An_input_that_is_missing_is_named(string name)
    {
        Train("gates", _folder.File("out.brick"));
        File.Delete(Directory.GetFiles(_folder.Path, name, SearchOption.AllDirectories).Single());

        Should.Throw<CheckpointException>(() => Again(_folder.File("out.brick"))).Message.ShouldContain(name);
    }

    ExampleTexts Texts() => new() { Paths = [_folder.File("sea.txt"), _folder.File("land")], Documents = 4, Length = 9, BatchTokens = 20 };

    IReadOnlyList<LoggedOperation> Train(string operation, string target, string form = "brick")
    {
        using var model = LanguageModel.Load(_folder.File("a.gguf"));
        Brick[] bricks = [.. ((string[])["one", "two"]).Select(name => Brick.Open(InForm(name, form, model), model))];
        var made = operation == "gates"
            ? model.TrainGates(bricks[0], Texts(), Short)
            : model.TrainFusion(bricks, new NewFusion { Id = "both", Width = 4, Seed = 7 }, Texts(), Short);
        made.Save(target);
        return LogFile.Open(target).Operations;
    }

    string InForm(string name, string form, LanguageModel model)
    {
        var (own, other) = (_folder.File(name + ".brick"), _folder.File(name + (form == "gguf" ? ".gguf" : "")));
        if (form == "brick")
            return own;
        if (form == "gguf")
            Brick.Open(own).SaveGguf(other, model);
        else
            Brick.Open(own).SavePeft(other, model);
        File.Delete(own);
        return other;
    }

    /// <summary>Everything but the output and logs gets another name, in another folder.</summary>
    ReplayReport Again(string source)
    {
        var elsewhere = Directory.CreateDirectory(_folder.File("elsewhere")).FullName;
        foreach (var entry in Directory.GetFileSystemEntries(_folder.Path).Where(entry => entry != elsewhere && entry != source && Path.GetFileName(entry) != "out.brick"))
            Directory.Move(entry, Path.Combine(elsewhere, "renamed-" + Path.GetFileName(entry)));
        return OperationReplay.Run(source, _folder.File("again.brick"), new ReplayOptions { Places = [elsewhere], Threads = 1 });
    }
}
