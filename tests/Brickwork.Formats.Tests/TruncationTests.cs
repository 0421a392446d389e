using Brickwork.TestKit;

namespace Brickwork.Formats.Tests;

public class TruncationTests
{
    [Fact]
    public void A_truncated_GGUF_file_is_refused_at_every_length()
    {
        using var folder = new TempFolder();
        var bytes = new PicoCheckpoint(1, DType.F32, DType.Q4_K, DType.F16).ToGguf(folder);
        using var whole = GgufCheckpoint.Read(bytes, "whole.gguf");
        var last = whole.Tensors[^1];
        var padding = (32 - last.Bytes % 32) % 32;

        for (var length = 1; length < bytes.Length - padding; length++)
            Should.Throw<CheckpointException>(() => GgufCheckpoint.Read(bytes.AsSpan(0, length), "cut.gguf").Dispose(), $"at {length}")
                .Message.ShouldContain("cut.gguf");
    }

    [Fact]
    public void A_truncated_file_names_the_missing_tensor()
    {
        using var folder = new TempFolder();
        var pico = new PicoCheckpoint(1, DType.F32, DType.Q4_K, DType.F16);
        var gguf = pico.ToGguf(folder)[..^32];
        var safetensors = new PicoCheckpoint(1, DType.F32, DType.F16).ToSafetensors(folder)[..^1];

        Should.Throw<CheckpointException>(() => GgufCheckpoint.Read(gguf, "cut.gguf")).Message.ShouldContain("'tensor.2.F16'");
        Should.Throw<CheckpointException>(() => SafetensorsCheckpoint.Read(safetensors, "cut.safetensors")).Message.ShouldContain("'tensor.1.F16'");
    }

    [Fact]
    public void A_truncated_safetensors_file_is_refused_at_every_length()
    {
        using var folder = new TempFolder();
        var bytes = new PicoCheckpoint(1, DType.F32, DType.I8, DType.F16).ToSafetensors(folder);

        for (var length = 1; length < bytes.Length; length++)
            Should.Throw<CheckpointException>(() => SafetensorsCheckpoint.Read(bytes.AsSpan(0, length), "cut.safetensors").Dispose(), $"at {length}")
                .Message.ShouldContain("cut.safetensors");
    }

    [SkippableTheory]
    [InlineData("stories260K.bin")]
    [InlineData("stories260K-q8_0.gguf")]
    public void A_real_file_cut_at_any_percent_is_refused(string name)
    {
        var bytes = File.ReadAllBytes(SharedData.Require("data", "model-stories260k", name));
        var tokens = File.ReadAllBytes(SharedData.Require("data", "model-stories260k", "tok512.bin"));
        using var folder = new TempFolder();
        folder.Write("tokenizer.bin", tokens);

        for (var percent = 1; percent < 100; percent++)
        {
            var path = folder.Write($"cut{Path.GetExtension(name)}", bytes[..(int)(bytes.LongLength * percent / 100)]);
            Should.Throw<CheckpointException>(() => CheckpointFile.Open(path).Dispose(), $"at {percent} %").Message.ShouldContain(path);
        }
    }
}
