using Brickwork.TestKit;

namespace Brickwork.Models.Tests.Panels;

public sealed class RepackCacheTests
{
    public static TheoryData<string> Names => [.. Models.Keys];

    static readonly Dictionary<string, Func<Checkpoint>> Models = new()
    {
        ["llama q4_0"] = () => PicoModel.LlamaCheckpoint(seed: 1, DType.Q4_0),
        ["llama q8_0"] = () => PicoModel.LlamaCheckpoint(seed: 2, DType.Q8_0),
        ["mixture q5_1"] = () => PicoModel.MixtureCheckpoint(seed: 3, DType.Q5_1),
        ["windowed iq4_nl"] = () => PicoModel.WindowedCheckpoint(seed: 4, DType.IQ4_NL),
    };

    [SkippableTheory, MemberData(nameof(Names))]
    public void A_model_with_a_cache_gives_the_bits_of_one_without(string name)
    {
        using var cached = new CachedModel(Models[name]());
        var expected = cached.Expected();

        cached.Run().ShouldBe(expected);                    // writes
        var written = cached.Cache;
        cached.UsedFile.ShouldBeFalse();
        foreach (var prepare in (bool[])[false, true])
        {
            cached.Run(prepare: prepare).ShouldBe(expected);
            cached.UsedFile.ShouldBeTrue();
        }
        cached.Warnings.ShouldBeEmpty();
        cached.Cache.ShouldBe(written);
    }

    [SkippableTheory, InlineData("q8_0"), InlineData("q4_0")]
    public void A_trained_model_made_by_the_converter_gives_the_same_bits(string type)
    {
        using var cached = new CachedModel(PicoModel.LlamaCheckpoint());
        cached.Model = cached.Folder.File("stories.gguf");
        cached.CachePath = cached.Model + ".panels";
        ModelConverter.Convert(ModelFolder.Default, cached.Model, new ConvertOptions { Type = type });
        var expected = cached.Expected();

        cached.Run().ShouldBe(expected);
        cached.Run().ShouldBe(expected);
        cached.UsedFile.ShouldBeTrue();
    }

    [SkippableFact]
    public void One_file_serves_every_instruction_set()
    {
        using var cached = new CachedModel(Models["llama q4_0"]());
        cached.Run();
        var written = cached.Cache;
        foreach (var path in InstructionSets.Supported)
        {
            cached.Run(path).ShouldBe(cached.Expected(path), $"{path}");
            cached.Warnings.ShouldBeEmpty();
            cached.UsedFile.ShouldBe(path >= InstructionSet.Avx2);
        }
        cached.Cache.ShouldBe(written);
    }

    [SkippableFact]
    public void A_plain_model_and_a_model_without_files_have_no_cache()
    {
        using var cached = new CachedModel(PicoModel.LlamaCheckpoint());
        cached.Run();
        using var folder = new TemporaryFolder();
        var options = new LoadOptions { InstructionSet = CachedModel.FastPath, RepackCache = new RepackCache { Path = folder.File("x.panels") } };
        using var model = LanguageModel.From(Models["llama q4_0"](), options);

        cached.Warnings.ShouldBeEmpty();
        File.Exists(cached.CachePath).ShouldBeFalse();
        Directory.EnumerateFiles(folder.Path).ShouldBeEmpty();
    }

    [SkippableFact]
    public void A_model_in_several_files_has_one_cache_whichever_is_named()
    {
        using var cached = new CachedModel(Models["llama q4_0"]());
        ModelConverter.Convert(cached.Model, cached.Folder.File("parts.gguf"), new ConvertOptions { MaxFileBytes = 20_000 });
        string[] parts = [.. Directory.EnumerateFiles(cached.Folder.Path, "parts*.gguf").Order(StringComparer.Ordinal)];
        parts.Length.ShouldBeGreaterThan(1);
        cached.CachePath = parts[0] + ".panels";
        cached.Model = parts[1];
        var expected = cached.Expected();
        cached.Run().ShouldBe(expected);

        cached.Model = parts[0];

        cached.Run().ShouldBe(expected);
        cached.UsedFile.ShouldBeTrue();
        File.SetLastWriteTimeUtc(parts[1], new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        cached.Run().ShouldBe(expected);
        cached.Warnings.Single().ShouldContain("belongs to another model");
    }

    [SkippableFact]
    public void A_link_has_a_cache_of_its_own_which_knows_the_file_behind_it()
    {
        Skip.If(OperatingSystem.IsWindows(), "links are for administrators there");
        using var cached = new CachedModel(Models["llama q8_0"]());
        var (target, expected) = (cached.Model, cached.Expected());
        cached.Model = cached.Folder.File("link.gguf");
        cached.CachePath = cached.Model + ".panels";
        File.CreateSymbolicLink(cached.Model, target);
        cached.Run().ShouldBe(expected);
        cached.Run().ShouldBe(expected);
        cached.UsedFile.ShouldBeTrue();

        File.SetLastWriteTimeUtc(target, new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));

        cached.Run().ShouldBe(expected);
        cached.Warnings.Single().ShouldContain("belongs to another model");
    }

    [SkippableFact]
    public void A_place_that_cannot_be_written_is_a_warning()
    {
        using var cached = new CachedModel(Models["mixture q5_1"]());
        var expected = cached.Expected();
        foreach (var path in (string[])[cached.Folder.File("missing", "x.panels"), cached.Folder.Path, cached.Folder.File("tiny.gguf", "x.panels")])
        {
            cached.AskedPath = path;
            cached.Run().ShouldBe(expected);
            cached.Warnings.ShouldContain(warning => warning.Contains("was not written"), path);
        }
        Directory.EnumerateFileSystemEntries(cached.Folder.Path).ShouldBe([cached.Folder.File("tiny.gguf")]);
    }

    [SkippableFact]
    public void What_killed_writers_left_is_removed_and_what_others_write_is_not()
    {
        using var cached = new CachedModel(Models["llama q4_0"]());
        var left = cached.Folder.Write("tiny.gguf.panels.abc.partial", "left");
        var foreign = cached.Folder.Write("other.gguf.panels.abc.partial", "foreign");
        var busy = cached.Folder.File("tiny.gguf.panels.def.partial");
        using (File.OpenHandle(busy, FileMode.CreateNew, FileAccess.Write))
            cached.Run();

        File.Exists(left).ShouldBeFalse();
        File.Exists(foreign).ShouldBeTrue();
        File.Exists(busy).ShouldBeTrue();
        File.Exists(cached.CachePath).ShouldBeTrue();
    }

    [SkippableFact]
    public void Many_may_write_at_once()
    {
        using var cached = new CachedModel(Models["llama q4_0"]());
        var expected = cached.Run();
        var written = cached.Cache;
        File.Delete(cached.CachePath);
        void Load()
        {
            using var model = LanguageModel.Load(cached.Model, new LoadOptions { Threads = 1, InstructionSet = CachedModel.FastPath, RepackCache = new RepackCache() });
        }
        var threads = Enumerable.Range(0, 6).Select(_ => new Thread(Load)).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());

        cached.Cache.ShouldBe(written);
        cached.Run().ShouldBe(expected);
        cached.UsedFile.ShouldBeTrue();
        Directory.EnumerateFiles(cached.Folder.Path, "*.partial").ShouldBeEmpty();
    }
}
