using FsCheck;
using FsCheck.Fluent;

namespace Brickwork.Formats.Tests;

public class RoundTripTests
{
    [Fact]
    public void What_is_written_as_GGUF_is_read_back_identically() => ForSeeds(seed =>
    {
        using var folder = new TempFolder();
        var pico = new PicoCheckpoint(seed, PicoCheckpoint.AllTypes);
        pico.Metadata.Set("general.alignment", 1u << (seed & 7));
        using (var writer = GgufWriter.Create(folder.File("a.gguf"), pico.Metadata, pico.Tensors))
            pico.WriteTo(writer);

        using var found = GgufCheckpoint.OpenFile(folder.File("a.gguf"));

        pico.TensorsShouldEqual(found);
        found.Tensors.ShouldBe(pico.Tensors);
        PicoCheckpoint.MetadataShouldEqual(found.Metadata, pico.Metadata);
    });

    [Fact]
    public void What_is_written_as_GGUF_in_parts_is_read_back_identically_from_any_part() => ForSeeds(seed =>
    {
        using var folder = new TempFolder();
        var pico = new PicoCheckpoint(seed, PicoCheckpoint.AllTypes);
        IReadOnlyList<string> files;
        using (var writer = GgufWriter.Create(folder.File("a.gguf"), pico.Metadata, pico.Tensors, new SaveOptions { MaxFileBytes = 600 }))
        {
            pico.WriteTo(writer);
            files = writer.Files;
        }

        using var found = GgufCheckpoint.OpenFile(files[(seed & 0xff) % files.Count]);

        files.Count.ShouldBeGreaterThan(2);
        pico.TensorsShouldEqual(found);
        PicoCheckpoint.MetadataShouldEqual(found.Metadata, pico.Metadata);
    });

    [Fact]
    public void What_is_written_as_safetensors_is_read_back_identically() => ForSeeds(seed =>
    {
        using var folder = new TempFolder();
        var pico = new PicoCheckpoint(seed, PicoCheckpoint.PlainTypes);
        using (var writer = SafetensorsWriter.Create(folder.File("a.safetensors"), pico.Texts, pico.Tensors))
            pico.WriteTo(writer);

        using var found = SafetensorsCheckpoint.OpenFile(folder.File("a.safetensors"));

        pico.TensorsShouldEqual(found);
        found.Metadata.ToDictionary(pair => pair.Key, pair => (string)pair.Value.Value).ShouldBe(pico.Texts);
    });

    [Fact]
    public void What_is_written_as_safetensors_in_shards_is_read_back_identically() => ForSeeds(seed =>
    {
        using var folder = new TempFolder();
        var pico = new PicoCheckpoint(seed, PicoCheckpoint.PlainTypes);
        using (var writer = SafetensorsWriter.Create(folder.File("model.safetensors"), pico.Texts, pico.Tensors, new SaveOptions { MaxFileBytes = 8 }))
            pico.WriteTo(writer);

        string[] ways = [folder.Root, folder.File("model.safetensors.index.json"), folder.File(folder.Names[1])];
        foreach (var way in ways)
        {
            using var found = SafetensorsCheckpoint.OpenFile(way);
            pico.TensorsShouldEqual(found);
        }

        folder.Names.Length.ShouldBeGreaterThan(3);
    });

    [Fact]
    public void Any_text_survives_as_GGUF_metadata()
    {
        using var folder = new TempFolder();
        var runs = 0;
        Prop.ForAll<NonNull<string>[]>(texts =>
        {
            var expected = texts.Select(text => WithoutLoneSurrogates(text.Get)).ToArray();
            var metadata = new Metadata("pico");
            metadata.Set("texts", expected);
            var path = folder.File($"{runs++}.gguf");
            using (var writer = GgufWriter.Create(path, metadata, []))
                writer.Complete();
            using var found = GgufCheckpoint.OpenFile(path);
            return expected.SequenceEqual(found.Metadata.TryTexts("texts")!);
        }).QuickCheckThrowOnFailure();
    }

    static string WithoutLoneSurrogates(string text) => System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(text));

    static void ForSeeds(Action<int> check) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(20), Prop.ForAll<int>(seed => check(seed)));
}
