namespace Brickwork.Formats.Tests;

public class CheckpointFileTests
{
    [Fact]
    public void Each_kind_is_recognized_by_its_bytes_whatever_its_name()
    {
        using var folder = new TempFolder();
        var pico = new PicoCheckpoint(1, DType.F32);
        folder.Write("hf/config.json", "{}");

        CheckpointFile.Detect(folder.Write("a", pico.ToGguf(folder))).ShouldBe(ModelFormat.Gguf);
        CheckpointFile.Detect(folder.Write("b", pico.ToSafetensors(folder))).ShouldBe(ModelFormat.Safetensors);
        CheckpointFile.Detect(folder.File("hf")).ShouldBe(ModelFormat.HuggingFace);
    }

    [Theory]
    [InlineData("text", "Once upon a time there was a file that was no model at all.", "neither GGUF nor safetensors nor a llama2.c model")]
    [InlineData("short", "x", "neither GGUF")]
    [InlineData("empty.gguf", "", "is empty")]
    [InlineData("swapped.gguf", "FUGG and more", "swapped")]
    public void What_is_no_model_is_said_to_be_none(string name, string text, string says)
    {
        using var folder = new TempFolder();
        var path = folder.Write(name, text);

        var error = Should.Throw<CheckpointException>(() => CheckpointFile.Open(path));

        error.Message.ShouldContain(says);
        error.Message.ShouldContain(path);
    }

    [Fact]
    public void A_missing_file_and_folders_that_are_no_models_are_told_apart()
    {
        using var folder = new TempFolder();

        Should.Throw<CheckpointException>(() => CheckpointFile.Open(folder.File("nowhere.gguf"))).Message.ShouldContain("does not exist");
        Should.Throw<CheckpointException>(() => CheckpointFile.Open(folder.Root)).Message.ShouldContain("has no config.json");
        var model = folder.Write("a.gguf", "x");
        Should.Throw<CheckpointException>(() => CheckpointFile.Open(folder.Root)).NextStep.ShouldContain(model);
    }

    [Fact]
    public void PyTorch_files_are_refused_by_name()
    {
        using var folder = new TempFolder();
        var path = folder.Write("pytorch_model.bin", [(byte)'P', (byte)'K', 3, 4, 0, 0]);

        Should.Throw<UnsupportedModelException>(() => CheckpointFile.Open(path)).Message.ShouldContain("pickle");
    }

    [Fact]
    public void A_tensor_that_is_not_there_is_named()
    {
        using var folder = new TempFolder();
        using var model = CheckpointFile.Open(folder.Write("a.gguf", new PicoCheckpoint(1, DType.F32).ToGguf(folder)));

        Should.Throw<CheckpointException>(() => model.Open("nothing")).Message.ShouldContain("'nothing'");
        model.Contains("nothing").ShouldBeFalse();
    }

    [Fact]
    public void A_tensor_used_after_its_file_was_closed_is_an_exception_and_not_a_crash()
    {
        using var folder = new TempFolder();
        var model = CheckpointFile.Open(folder.Write("a.gguf", new PicoCheckpoint(1, DType.F32).ToGguf(folder)));
        var tensor = model.Open(model.Tensors[0].Name);
        model.Dispose();

        Should.Throw<ObjectDisposedException>(() => tensor.RowSpan(0, 1).Length);
    }
}
