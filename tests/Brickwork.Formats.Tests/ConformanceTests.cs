using Brickwork.TestKit;

namespace Brickwork.Formats.Tests;

public class ConformanceTests
{
    [SkippableFact]
    public void Every_file_of_the_conformance_set_opens_and_holds_its_data()
    {
        var files = Directory.GetFiles(SharedData.Require("data", "conformance"), "*.gguf");

        foreach (var file in files)
        {
            using var model = GgufCheckpoint.OpenFile(file);
            model.Metadata.Text("general.architecture").ShouldNotBeEmpty(file);
            model.Tensors.ShouldNotBeEmpty(file);
            foreach (var tensor in model.Tensors)
                Touch.Ends(model.Open(tensor.Name));
        }

        files.Length.ShouldBeGreaterThan(60);
    }

    [SkippableFact]
    public void A_matrix_has_its_outputs_as_rows_and_its_inputs_as_columns()
    {
        using var model = GgufCheckpoint.OpenFile(SharedData.Require("data", "model-stories260k", "stories260K-f32.gguf"));

        model.Tensors.ShouldContain(new TensorInfo("blk.0.attn_k.weight", DType.F32, new Shape(32, 64)));
        model.Tensors.ShouldContain(new TensorInfo("token_embd.weight", DType.F32, new Shape(512, 64)));
        model.Metadata.Int("llama.block_count").ShouldBe(5);
        model.Metadata.TryTexts("tokenizer.ggml.tokens")!.Length.ShouldBe(512);
    }

    [SkippableTheory]
    [InlineData("model-silero-vad")]
    [InlineData("models-charrnn-authors")]
    [InlineData("models-textgenrnn-family")]
    public void Safetensors_of_other_writers_open_and_hold_their_data(string folder)
    {
        foreach (var file in Directory.GetFiles(SharedData.Require("data", folder), "*.safetensors"))
        {
            using var model = SafetensorsCheckpoint.OpenFile(file);
            model.Tensors.ShouldNotBeEmpty(file);
            Touch.Everything(model);
        }
    }

    [SkippableFact]
    public void A_file_of_vocabulary_only_opens()
    {
        using var model = CheckpointFile.Open(SharedData.Require("data", "tokenizer-vectors", "ggml-vocab-falcon.gguf"));

        model.Tensors.ShouldBeEmpty();
        model.Metadata.TryTexts("tokenizer.ggml.tokens")!.Length.ShouldBe(65024);
    }

    [SkippableFact]
    public void A_file_of_llama_cpp_is_rewritten_byte_for_byte()
    {
        using var folder = new TempFolder();

        foreach (var file in Directory.GetFiles(SharedData.Require("data", "conformance"), "*.gguf").Where(file => new FileInfo(file).Length < 400_000))
        {
            var copy = folder.File(Path.GetFileName(file));
            using var model = GgufCheckpoint.OpenFile(file);
            using (var writer = GgufWriter.Create(copy, model.Metadata, model.Tensors))
            {
                foreach (var tensor in model.Tensors)
                    writer.Write(tensor.Name, model.Open(tensor.Name));
                writer.Complete();
            }
            File.ReadAllBytes(copy).AsSpan().SequenceEqual(File.ReadAllBytes(file)).ShouldBeTrue(file);
        }
    }
}
