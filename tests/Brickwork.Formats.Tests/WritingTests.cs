using Brickwork.Formats.Writing;

namespace Brickwork.Formats.Tests;

public class WritingTests
{
    static readonly TensorInfo[] Two = [new("a", DType.F32, new Shape(2)), new("b", DType.F32, new Shape(3))];

    [Fact]
    public void An_unfinished_checkpoint_leaves_nothing_behind()
    {
        using var folder = new TempFolder();
        using (var writer = GgufWriter.Create(folder.File("a.gguf"), new Metadata("m"), Two, new SaveOptions { MaxFileBytes = 8 }))
        {
            writer.Write("a", new byte[8]);
            folder.Names.Length.ShouldBe(2);
            folder.Names.ShouldAllBe(name => name.EndsWith(".partial"));
        }

        folder.Names.ShouldBeEmpty();
    }

    [Fact]
    public void A_tensor_that_lacks_bytes_is_named_and_nothing_is_published()
    {
        using var folder = new TempFolder();
        using (var writer = GgufWriter.Create(folder.File("a.gguf"), new Metadata("m"), Two))
        {
            writer.Write("a", new byte[8]);
            writer.Write("b", new byte[8]);
            Should.Throw<InvalidOperationException>(writer.Complete).Message.ShouldContain("'b' lacks 4 bytes");
        }

        folder.Names.ShouldBeEmpty();
    }

    [Fact]
    public void Bytes_beyond_the_announced_are_refused()
    {
        using var folder = new TempFolder();
        using var writer = GgufWriter.Create(folder.File("a.gguf"), new Metadata("m"), Two);

        Should.Throw<ArgumentException>(() => writer.Write("a", new byte[9]));
        Should.Throw<ArgumentException>(() => writer.Write("c", new byte[1]));
        Should.Throw<ArgumentException>(() => writer.Write("a", Tensor.Zeros(DType.F16, 2))).Message.ShouldContain("announced as F32[2], but is F16[2]");
        Should.Throw<ArgumentException>(() => GgufWriter.Create(folder.File("b.gguf"), new Metadata("m"), [Two[0], Two[0]])).Message.ShouldContain("'a'");
    }

    [Fact]
    public void An_existing_file_is_replaced_only_when_that_was_asked_for()
    {
        using var folder = new TempFolder();
        var path = folder.Write("a.gguf", "precious");

        Should.Throw<CheckpointException>(() => GgufWriter.Create(path, new Metadata("m"), [])).Message.ShouldContain("exists already");
        File.ReadAllText(path).ShouldBe("precious");
        using (var writer = GgufWriter.Create(path, new Metadata("m"), [], new SaveOptions { Existing = ExistingFiles.Replace }))
            writer.Complete();

        using var found = GgufCheckpoint.OpenFile(path);
        found.Tensors.ShouldBeEmpty();
        folder.Names.ShouldBe(["a.gguf"]);
    }

    [Fact]
    public void A_file_that_appears_meanwhile_is_not_lost()
    {
        using var folder = new TempFolder();
        using var writer = GgufWriter.Create(folder.File("a.gguf"), new Metadata("m"), []);
        folder.Write("a.gguf", "precious");

        Should.Throw<CheckpointException>(writer.Complete);

        File.ReadAllText(folder.File("a.gguf")).ShouldBe("precious");
    }

    [Fact]
    public void A_folder_that_does_not_exist_is_an_error_and_not_a_crash()
    {
        using var folder = new TempFolder();

        Should.Throw<CheckpointException>(() => GgufWriter.Create(folder.File("no/where/a.gguf"), new Metadata("m"), Two)).Message.ShouldContain("cannot be written");
    }

    [Fact]
    public void A_tensor_is_written_row_by_row()
    {
        using var folder = new TempFolder();
        var tensor = Tensor.From([1, 2, 3, 4, 5, 6], 3, 2);
        using (var writer = GgufWriter.Create(folder.File("a.gguf"), new Metadata("m"), [new("t", DType.F32, tensor.Shape)]))
        {
            writer.Write("t", tensor);
            writer.Complete();
        }

        using var found = GgufCheckpoint.OpenFile(folder.File("a.gguf"));

        found.Open("t").Floats.ToArray().ShouldBe([1, 2, 3, 4, 5, 6]);
    }

    [Fact]
    public void A_folder_appears_whole_or_not_at_all()
    {
        using var folder = new TempFolder();
        var target = folder.File("model");
        using (var abandoned = new AtomicFolder(target, ExistingFiles.Refuse))
            File.WriteAllText(Path.Combine(abandoned.WorkPath, "x.json"), "1");
        folder.Names.ShouldBeEmpty();

        foreach (var text in (string[])["first", "second"])
        {
            using var finished = new AtomicFolder(target, ExistingFiles.Replace);
            File.WriteAllText(Path.Combine(finished.WorkPath, "x.json"), text);
            finished.Commit();
        }

        folder.Names.ShouldBe(["model"]);
        File.ReadAllText(Path.Combine(target, "x.json")).ShouldBe("second");
        Should.Throw<CheckpointException>(() => new AtomicFolder(target, ExistingFiles.Refuse));
    }
}
