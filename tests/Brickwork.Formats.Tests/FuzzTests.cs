using System.Diagnostics;
using Brickwork.TestKit;

namespace Brickwork.Formats.Tests;

/// <summary>Damaged files end in our two exceptions or are read; never in another, in a hang, or in memory beyond the file's size.</summary>
public class FuzzTests
{
    const int SmallRounds = 6000;
    const int LargeRounds = 1500;
    const int FileRounds = 300;
    const long AllocationFloor = 1L << 20;
    const int AllocationPerByte = 20;
    static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    [Fact]
    public void Damaged_GGUF_is_read_or_refused()
    {
        using var folder = new TempFolder();
        byte[][] files =
        [
            new PicoCheckpoint(1, DType.F32, DType.Q8_0).ToGguf(folder), new PicoCheckpoint(2).ToGguf(folder),
            new PicoCheckpoint(3, PicoCheckpoint.AllTypes).ToGguf(folder),
        ];

        Fuzz(files, SmallRounds * 2, bytes => GgufCheckpoint.Read(bytes, "fuzz.gguf"));
    }

    [Fact]
    public void Damaged_safetensors_are_read_or_refused()
    {
        using var folder = new TempFolder();
        byte[][] files = [new PicoCheckpoint(1, DType.F32, DType.I8).ToSafetensors(folder), new PicoCheckpoint(2, PicoCheckpoint.PlainTypes).ToSafetensors(folder)];

        Fuzz(files, SmallRounds, bytes => SafetensorsCheckpoint.Read(bytes, "fuzz.safetensors"));
    }

    [SkippableFact]
    public void Damaged_real_GGUF_is_read_or_refused()
    {
        var files = Directory.GetFiles(SharedData.Require("data", "conformance"), "*.gguf").Order(StringComparer.Ordinal)
            .Append(SharedData.Require("data", "model-stories260k", "stories260K-q8_0.gguf")).Select(File.ReadAllBytes).ToArray();

        Fuzz(files, LargeRounds, bytes => GgufCheckpoint.Read(bytes, "fuzz.gguf"));
    }

    [SkippableFact]
    public void Damaged_llama2c_models_and_vocabularies_are_read_or_refused()
    {
        var model = File.ReadAllBytes(SharedData.Require("data", "model-stories260k", "stories260K.bin"));
        var tokens = File.ReadAllBytes(SharedData.Require("data", "model-stories260k", "tok512.bin"));

        Fuzz([tokens], LargeRounds, bytes => Llama2CCheckpoint.Read(model, bytes, "fuzz.bin"));
        Fuzz([model], LargeRounds / 3, bytes => Llama2CCheckpoint.Read(bytes, tokens, "fuzz.bin"));
    }

    [Fact]
    public void Damaged_files_on_disk_are_read_or_refused()
    {
        using var folder = new TempFolder();
        byte[][] files = [new PicoCheckpoint(1, DType.F32, DType.Q8_0).ToGguf(folder), new PicoCheckpoint(2, DType.F16).ToSafetensors(folder)];

        Fuzz(files, FileRounds, bytes => CheckpointFile.Open(folder.Write("fuzz", bytes)));
    }

    [Fact]
    public void Damaged_folders_are_read_or_refused()
    {
        using var folder = new TempFolder();
        folder.Write("config.json", """{"model_type":"pico"}""");
        var pico = new PicoCheckpoint(1, DType.F32, DType.F32, DType.F16);
        using (var writer = SafetensorsWriter.Create(folder.File("model.safetensors"), pico.Texts, pico.Tensors, new SaveOptions { MaxFileBytes = 1 }))
            pico.WriteTo(writer);

        FuzzFile(folder, "tokenizer_config.json", "{\"chat_template\":[{\"name\":\"a\",\"template\":\"\\ud83e\\uddf1\"}]}"u8.ToArray());
        FuzzFile(folder, "model.safetensors.index.json", File.ReadAllBytes(folder.File("model.safetensors.index.json")));
        FuzzFile(folder, "config.json", File.ReadAllBytes(folder.File("config.json")));
    }

    static void FuzzFile(TempFolder folder, string name, byte[] original)
    {
        Fuzz([original], FileRounds, bytes =>
        {
            folder.Write(name, bytes);
            var model = HuggingFaceFolder.Open(folder.Root);
            model.ModelType.ShouldNotBeNull();
            return model.OpenTensors();
        });
        folder.Write(name, original);
    }

    [Fact]
    public void Random_bytes_are_recognized_as_something_or_refused()
    {
        var random = new Random(5);
        var noise = new byte[64];
        random.NextBytes(noise);

        for (var round = 0; round < SmallRounds; round++)
            Attempt(Mutation.Of(noise, random) is { Length: > 0 } bytes ? bytes : [0], round, bytes => CheckpointFile.Detect(bytes, "noise"));
    }

    static void Fuzz(byte[][] files, int rounds, Func<byte[], Checkpoint> open)
    {
        var random = new Random(20260101);
        var opened = 0;
        for (var round = 0; round < rounds; round++)
            if (Mutation.Of(files[round % files.Length], random) is { Length: > 0 } bytes)
                opened += Attempt(bytes, round, damaged =>
                {
                    using var checkpoint = open(damaged);
                    Touch.Everything(checkpoint);
                });
        // Damage that is always noticed at the first byte would test nothing; damage that never is, neither.
        opened.ShouldBeInRange(1, rounds - 1);
    }

    static int Attempt(byte[] bytes, int round, Action<byte[]> open)
    {
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var watch = Stopwatch.StartNew();
        try
        {
            open(bytes);
            return 1;
        }
        catch (BrickworkException error)
        {
            error.Message.ShouldNotBeEmpty();
            error.NextStep.ShouldNotBeEmpty();
            return 0;
        }
        catch (Exception other) when (other is not ShouldAssertException)
        {
            throw new InvalidOperationException($"Round {round}: {other.GetType().Name} is not ours.", other);
        }
        finally
        {
            (GC.GetAllocatedBytesForCurrentThread() - allocated).ShouldBeLessThan(AllocationFloor + AllocationPerByte * (long)bytes.Length, $"round {round}");
            watch.Elapsed.ShouldBeLessThan(Longest, $"round {round}");
        }
    }
}
