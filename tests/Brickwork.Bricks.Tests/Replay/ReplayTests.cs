using Brickwork.Bricks.Tests.Plug;
using Brickwork.TestKit;

namespace Brickwork.Bricks.Tests.Replay;

/// <summary>What a log tells of can be made again, to the same bytes, whatever the files are called by then.</summary>
public sealed class ReplayTests : IDisposable
{
    const string Stories = "stories260k";

    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Each makes an output, in whose log one operation stands last.</summary>
    static readonly Dictionary<string, (string Operation, string Output, Action<ReplayTests, string> Make)> Ways = new()
    {
        ["conversion to F16"] = ("convert", "out.gguf", (test, output) => ModelConverter.Convert(test.Model("a", 1), output, new ConvertOptions { Type = "f16" })),
        ["conversion as it is"] = ("convert", "out.gguf", (test, output) => ModelConverter.Convert(test.Model("a", 1), output)),
        ["quantization"] = ("quantize", "out.gguf", (test, output) => ModelConverter.Convert(test.Model("a", 1), output, new ConvertOptions { Type = "Q8_0" })),
        ["embedded model to a folder"] = ("convert", "out", (_, output) => ModelConverter.Convert(Stories, output)),
        ["folder to GGUF"] = ("convert", "out.gguf", (test, output) => ModelConverter.Convert(test.Folder("first-name"), output)),
        ["merge with chance"] = ("merge", "out.gguf", (test, output) => test.Merge("recipe.yml", output)),
        ["merge of a folder"] = ("merge", "out.gguf", (test, output) => test.MergeFolder(output)),
        ["merge of several documents"] = ("merge", "out.gguf", (test, output) => test.MergeDocuments(output)),
        ["brick into weights"] = ("plug", "out.gguf", (test, output) => test.Plug("lora", 0.3f, output)),
        ["DoRA into weights"] = ("plug", "out.gguf", (test, output) => test.Plug("dora", 1, output)),
        ["brick out of weights"] = ("unplug", "out.gguf", (test, output) => test.Plug("lora", -0.3f, output)),
        ["brick to GGUF"] = ("convert-brick", "out.gguf", (test, output) => test.ConvertBrick(output)),
        ["brick to PEFT"] = ("convert-brick", "out", (test, output) => test.ConvertBrick(output)),
        ["PEFT to brick"] = ("convert-brick", "out.brick", (test, output) =>
        {
            test.ConvertBrick(test._folder.File("peft"));
            using var model = LanguageModel.Load(test._folder.File("a.gguf"));
            Brick.Open(test._folder.File("peft"), model).Save(output);
        }),
        ["GGUF to brick"] = ("convert-brick", "out.brick", (test, output) =>
        {
            test.ConvertBrick(test._folder.File("adapter.gguf"));
            Brick.Open(test._folder.File("adapter.gguf")).Save(output);
        }),
        ["brick in other types"] = ("convert-brick", "out.brick", (test, output) => Brick.Open(test.SavedBrick("lora")).As(DType.F16).As(DType.F32).As(DType.BF16).Save(output)),
    };

    public static TheoryData<string> All() => [.. Ways.Keys];

    [Theory, MemberData(nameof(All))]
    public void A_log_rebuilds_the_same_bytes_from_files_with_other_names(string way)
    {
        var (operation, output, make) = Ways[way];
        make(this, _folder.File(output));
        LogFile.Open(_folder.File(output)).Operations[^1].Name.ShouldBe(operation);
        var renamed = Rename(output);
        var log = _folder.Write("out.log", string.Join('\n', LogFile.Open(_folder.File(output)).Lines()));

        foreach (var (source, again) in ((string, string)[])[(_folder.File(output), "again-" + output), (log, "once-more-" + output)])
        {
            var report = OperationReplay.Run(source, _folder.File(again), new ReplayOptions { Places = [renamed], Threads = 1 });

            report.Operations.ShouldBe(1);
            report.IsSame.ShouldBe(true);
            Bytes(_folder.File(again)).ShouldBe(Bytes(_folder.File(output)));
        }
    }

    [Fact]
    public void What_lies_between_is_made_again_and_goes_away()
    {
        ModelConverter.Convert(Model("a", 1), _folder.File("half.gguf"), new ConvertOptions { Type = "f16" });
        ModelConverter.Convert(_folder.File("half.gguf"), _folder.File("small.gguf"), new ConvertOptions { Type = "q8_0" });
        var expected = File.ReadAllBytes(_folder.File("small.gguf"));
        var log = _folder.Write("small.log", string.Join('\n', LogFile.Open(_folder.File("small.gguf")).Lines()));
        foreach (var made in (string[])["half.gguf", "small.gguf"])
            File.Delete(_folder.File(made));

        var report = OperationReplay.Run(log, _folder.File("again.gguf"));

        report.ShouldBe(new ReplayReport(2, LogFile.Open(_folder.File("again.gguf")).Hash!, true));
        File.ReadAllBytes(_folder.File("again.gguf")).ShouldBe(expected);
        Directory.GetFileSystemEntries(_folder.Path).Order().Select(Path.GetFileName).ShouldBe(["a.gguf", "again.gguf", "small.log"]);
    }

    [SkippableFact]
    public void An_input_is_found_behind_a_link()
    {
        Skip.If(OperatingSystem.IsWindows(), "links ask for rights there");
        ModelConverter.Convert(Model("a", 1), _folder.File("half.gguf"), new ConvertOptions { Type = "f16" });
        var blobs = Directory.CreateDirectory(_folder.File("cache", "blobs")).FullName;
        File.Move(_folder.File("a.gguf"), Path.Combine(blobs, "1234"));
        var links = Directory.CreateDirectory(_folder.File("links")).FullName;
        File.CreateSymbolicLink(Path.Combine(links, "model.gguf"), Path.Combine(blobs, "1234"));

        OperationReplay.Run(_folder.File("half.gguf"), _folder.File("again.gguf"), new ReplayOptions { Places = [links] }).IsSame.ShouldBe(true);
    }

    [Fact]
    public void A_log_holds_the_operations_of_all_inputs_once_and_ends_with_the_last()
    {
        ModelConverter.Convert(Model("origin", 3), _folder.File("base.gguf"), new ConvertOptions { Type = "f32" });
        ModelConverter.Convert(_folder.File("base.gguf"), _folder.File("a.gguf"), new ConvertOptions { Type = "f16" });
        ModelConverter.Convert(_folder.File("base.gguf"), _folder.File("b.gguf"), new ConvertOptions { Type = "bf16" });
        Merge("recipe.yml", _folder.File("merged.gguf"));

        var log = LogFile.Open(_folder.File("merged.gguf")).Operations;

        log.Select(operation => operation.Arguments.GetValueOrDefault("type")).ShouldBe(["f32", "f16", "bf16", null], ignoreOrder: true);
        log[^1].Name.ShouldBe("merge");
        log[^1].Inputs.Select(input => input.Name).ShouldBe(["base.gguf", "a.gguf", "b.gguf"], ignoreOrder: true);
        foreach (var input in log[^1].Inputs)
            log.Single(operation => operation.Output == input.Hash).Version.ShouldBe(OperationLog.Version);
    }

    [Fact]
    public void Every_missing_input_is_named_with_its_hash()
    {
        Merge("recipe.yml", _folder.File("merged.gguf"));
        var inputs = LogFile.Open(_folder.File("merged.gguf")).Operations[^1].Inputs;
        File.Delete(_folder.File("a.gguf"));
        File.WriteAllBytes(_folder.File("b.gguf"), Changed(File.ReadAllBytes(_folder.File("b.gguf"))));

        var fault = Should.Throw<CheckpointException>(() => OperationReplay.Run(_folder.File("merged.gguf"), _folder.File("again.gguf")));

        foreach (var input in inputs.Where(input => input.Name is "a.gguf" or "b.gguf"))
            fault.Message.ShouldContain(input.Hash!);
        fault.Message.ShouldNotContain("base.gguf (");
        fault.NextStep.ShouldContain("--from");
        File.Exists(_folder.File("again.gguf")).ShouldBeFalse();
    }

    [Fact]
    public void What_was_made_in_memory_cannot_be_made_again_and_says_so()
    {
        ModelConverter.Convert(PicoModel.LlamaCheckpoint(), _folder.File("out.gguf"));

        Should.Throw<CheckpointException>(() => OperationReplay.Run(_folder.File("out.gguf"), _folder.File("again.gguf"))).Message.ShouldContain("in memory only");
    }

    [Theory]
    [InlineData("{\"operation\":\"conjure\",\"version\":\"0.1.0\",\"arguments\":{},\"inputs\":[]}", "conjure")]
    [InlineData("{\"operation\":\"convert\",\"version\":\"0.1.0\",\"arguments\":{\"form\":\"gguf\"},\"inputs\":[]}", "has no model")]
    [InlineData("{\"operation\":\"gates\",\"version\":\"0.1.0\",\"arguments\":{\"form\":\"gguf\"},\"inputs\":[]}", "has no model")]
    [InlineData("{\"operation\":\"merge\",\"version\":\"0.1.0\",\"arguments\":{\"form\":\"gguf\"},\"inputs\":[]}", "'recipe'")]
    [InlineData("{\"operation\":\"convert\",\"wish\":1}", "'wish'")]
    [InlineData("{\"operation\":7}", "no operation")]
    [InlineData("{\"operation\":\"convert\"", "no JSON")]
    [InlineData("{}", "without a name")]
    public void A_log_that_makes_no_sense_is_refused(string line, string word)
    {
        var fault = Should.Throw<BrickworkException>(() => OperationReplay.Run(_folder.Write("bad.log", line), _folder.File("out.gguf")));

        fault.Message.ShouldContain(word);
        Directory.GetFileSystemEntries(_folder.Path).Length.ShouldBe(1);
    }

    [Fact]
    public void An_output_of_another_form_and_a_model_without_a_log_are_refused()
    {
        ModelConverter.Convert(Model("a", 1), _folder.File("out.gguf"));

        Should.Throw<CheckpointException>(() => OperationReplay.Run(_folder.File("out.gguf"), _folder.File("folder"))).NextStep.ShouldContain(".gguf");
        Should.Throw<CheckpointException>(() => OperationReplay.Run(_folder.File("a.gguf"), _folder.File("again.gguf"))).Message.ShouldContain("holds no log");
    }

    string Model(string name, int seed)
    {
        var path = _folder.File(name + ".gguf");
        if (!File.Exists(path))
            PicoModel.Save(PicoModel.LlamaCheckpoint(seed), path);
        return path;
    }

    string Folder(string name)
    {
        ModelConverter.Convert(Stories, _folder.File(name));
        return _folder.File(name);
    }

    void Merge(string name, string output)
    {
        foreach (var (model, seed) in ((string, int)[])[("base", 3), ("a", 1), ("b", 2)])
            Model(model, seed);
        Merge(name, "merge_method: dare_ties\nbase_model: base.gguf\nparameters: {weight: 0.5, density: 0.4}\nmodels: [{model: a.gguf}, {model: b.gguf}]\n", output, 11);
    }

    void MergeFolder(string output)
    {
        Folder("tales");
        Merge("tales.yml", "merge_method: linear\nmodels: [{model: tales, parameters: {weight: 1}}, {model: stories260k, parameters: {weight: 2}}]\ndtype: bfloat16\n", output, null);
    }

    void MergeDocuments(string output)
    {
        foreach (var (model, seed) in ((string, int)[])[("base", 3), ("a", 1), ("b", 2)])
            Model(model, seed);
        Merge("two.yml", "name: first\nmerge_method: linear\nmodels: [{model: a.gguf, parameters: {weight: 1}}, {model: base.gguf, parameters: {weight: 1}}]\n---\n"
            + "merge_method: slerp\nbase_model: first\nparameters: {t: 0.3}\nmodels: [{model: first}, {model: b.gguf}]\n", output, null);
    }

    void Merge(string name, string yaml, string output, long? seed)
    {
        using var plan = MergeRecipe.Open(_folder.Write(name, yaml)).Plan(new MergeOptions { Seed = seed });
        plan.Save(output);
    }

    string SavedBrick(string kind)
    {
        using var model = LanguageModel.Load(Model("a", 1));
        var path = _folder.File(kind + ".brick");
        PicoBricks.Make(kind, model).Save(path);
        return path;
    }

    void Plug(string kind, float strength, string output)
    {
        using var model = LanguageModel.Load(Model("a", 1));
        var (brick, plug) = (Brick.Open(SavedBrick(kind), model), new PlugOptions { Strength = Math.Abs(strength), AnyParent = true });
        if (strength < 0)
            model.SaveUnmerged(brick, plug, output);
        else
            model.SaveMerged(brick, plug, output);
    }

    void ConvertBrick(string output)
    {
        using var model = LanguageModel.Load(Model("a", 1));
        var brick = Brick.Open(SavedBrick("lora"), model);
        if (output.EndsWith(".gguf", StringComparison.Ordinal))
            brick.SaveGguf(output, model);
        else
            brick.SavePeft(output, model);
    }

    /// <summary>Gives everything but the output another name, in another folder.</summary>
    string Rename(string output)
    {
        var elsewhere = Directory.CreateDirectory(_folder.File("elsewhere")).FullName;
        foreach (var entry in Directory.GetFileSystemEntries(_folder.Path).Where(entry => Path.GetFileName(entry) != output && entry != elsewhere))
            Directory.Move(entry, Path.Combine(elsewhere, "renamed-" + Path.GetFileName(entry)));
        return elsewhere;
    }

    /// <summary>Every file with its bytes, as one text.</summary>
    static string Bytes(string path) => Directory.Exists(path)
        ? string.Join('\n', Directory.GetFiles(path).Order(StringComparer.Ordinal).Select(file => $"{Path.GetFileName(file)} {Bytes(file)}"))
        : Convert.ToBase64String(File.ReadAllBytes(path));

    static byte[] Changed(byte[] bytes)
    {
        bytes[^5] ^= 1;
        return bytes;
    }
}
