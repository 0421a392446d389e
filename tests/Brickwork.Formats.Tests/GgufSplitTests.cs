namespace Brickwork.Formats.Tests;

public class GgufSplitTests
{
    [Fact]
    public void A_missing_part_is_named()
    {
        using var folder = new TempFolder();
        var files = Split(folder);
        File.Delete(files[1]);

        Should.Throw<CheckpointException>(() => GgufCheckpoint.OpenFile(files[0])).Message.ShouldContain($"{files[1]} is missing");
    }

    [Fact]
    public void A_damaged_part_is_named()
    {
        using var folder = new TempFolder();
        var files = Split(folder);
        File.WriteAllBytes(files[2], File.ReadAllBytes(files[2])[..20]);

        Should.Throw<CheckpointException>(() => GgufCheckpoint.OpenFile(files[0])).Message.ShouldContain(files[2]);
    }

    [Fact]
    public void Parts_that_changed_places_are_noticed()
    {
        using var folder = new TempFolder();
        var files = Split(folder);
        File.Copy(files[1], files[2], overwrite: true);

        Should.Throw<CheckpointException>(() => GgufCheckpoint.OpenFile(files[0])).Message.ShouldContain("split.no");
    }

    [Fact]
    public void A_part_under_another_name_is_refused()
    {
        using var folder = new TempFolder();
        var files = Split(folder);
        File.Copy(files[0], folder.File("renamed.gguf"));
        File.Copy(files[0], folder.File("a-00001-of-00007.gguf"));

        Should.Throw<CheckpointException>(() => GgufCheckpoint.OpenFile(folder.File("renamed.gguf"))).Message.ShouldContain("does not say which");
        Should.Throw<CheckpointException>(() => GgufCheckpoint.OpenFile(folder.File("a-00001-of-00007.gguf"))).Message.ShouldContain("split.count");
    }

    [Fact]
    public void A_whole_file_with_the_name_of_a_part_is_refused()
    {
        using var folder = new TempFolder();
        folder.Write("x-00001-of-00002.gguf", new RawGguf().Bytes);

        Should.Throw<CheckpointException>(() => GgufCheckpoint.OpenFile(folder.File("x-00001-of-00002.gguf"))).Message.ShouldContain("split.count");
    }

    [Fact]
    public void Every_part_holds_at_most_the_bytes_asked_for()
    {
        using var folder = new TempFolder();
        var files = Split(folder);

        files.Count.ShouldBe(3);
        foreach (var file in files)
            new FileInfo(file).Length.ShouldBeLessThan(4096);
    }

    static IReadOnlyList<string> Split(TempFolder folder)
    {
        TensorInfo[] tensors = [.. Enumerable.Range(0, 6).Select(i => new TensorInfo($"t{i}", DType.F32, new Shape(128)))];
        using var writer = GgufWriter.Create(folder.File("a.gguf"), new Metadata("pico"), tensors, new SaveOptions { MaxFileBytes = 1024 });
        foreach (var tensor in tensors)
            writer.Write(tensor.Name, new byte[512]);
        writer.Complete();
        return writer.Files;
    }
}
