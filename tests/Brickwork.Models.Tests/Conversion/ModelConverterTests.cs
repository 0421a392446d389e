using Brickwork.Models.Conversion;
using Brickwork.Models.Tests.HuggingFace;
using Brickwork.TestKit;

namespace Brickwork.Models.Tests.Conversion;

public sealed class ModelConverterTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    string Target => _folder.File("out.gguf");

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public void Stories_give_the_same_logits_from_llama2_c_from_GGUF_and_from_a_Hugging_Face_folder()
    {
        var binary = SharedData.Require("data", "model-stories260k", "stories260K.bin");
        var gguf = SharedData.Require("data", "model-stories260k", "stories260K-f32.gguf");
        ModelConverter.Convert(binary, _folder.File("hf"));
        ModelConverter.Convert(binary, Target);
        int[] tokens = [1, 403, 407, 261, 378, 31];

        var expected = PicoFamilies.Outputs(gguf, tokens);

        PicoFamilies.Outputs(binary, tokens).ShouldBe(expected);
        PicoFamilies.Outputs(_folder.File("hf"), tokens).ShouldBe(expected);
        PicoFamilies.Outputs(Target, tokens).ShouldBe(expected);
    }

    [SkippableTheory]
    [InlineData("Q8_0", DType.Q8_0)]
    [InlineData("q4_0", DType.Q4_0)]
    [InlineData("BF16", DType.BF16)]
    public void Matrices_get_the_type_wanted_and_vectors_stay_exact(string name, DType type)
    {
        var report = ModelConverter.Convert(PicoFamilies.Require("qwen2moe-f16"), Target, new ConvertOptions { Type = name });

        using var file = GgufCheckpoint.OpenFile(Target);
        file.Tensors.First(tensor => tensor.Name == "blk.0.attn_q.weight").Type.ShouldBe(type);
        file.Tensors.First(tensor => tensor.Name == "blk.0.attn_norm.weight").Type.ShouldBe(DType.F32);
        file.Tensors.First(tensor => tensor.Name == "blk.0.ffn_gate_inp.weight").Type.ShouldBe(DType.F32);
        file.Metadata.Int("general.file_type").ShouldBe((int)QuantizationMix.Parse(name).FileType);
        report.Tensors.ShouldBe(file.Tensors.Count);
        report.BytesOut.ShouldBe(file.Tensors.Sum(tensor => tensor.Bytes));
        report.Fallbacks.ShouldBeEmpty();
    }

    [SkippableFact]
    public void A_quantized_copy_is_what_the_reference_engine_writes_for_the_same_weights()
    {
        // Both were quantized from the same weights, one by llama.cpp.
        var reference = PicoFamilies.Require("llama-q8_0");
        ModelConverter.Convert(reference, _folder.File("f32.gguf"), new ConvertOptions { Type = "F32" });
        ModelConverter.Convert(_folder.File("f32.gguf"), Target, new ConvertOptions { Type = "Q8_0" });

        using var expected = GgufCheckpoint.OpenFile(reference);
        using var found = GgufCheckpoint.OpenFile(Target);
        var name = "blk.0.ffn_up.weight";
        found.Open(name).RowSpan(0, found.Open(name).Rows).SequenceEqual(expected.Open(name).RowSpan(0, expected.Open(name).Rows)).ShouldBeTrue();
    }

    [SkippableFact]
    public void Rows_that_are_no_whole_blocks_fall_back_and_are_reported()
    {
        // 128 and 192 columns: no blocks of 256.
        var report = ModelConverter.Convert(PicoFamilies.Require("qwen2-q4_1"), Target, new ConvertOptions { Type = "Q4_K_M" });

        using var file = GgufCheckpoint.OpenFile(Target);
        file.Tensors.First(tensor => tensor.Name == "blk.0.attn_q.weight").Type.ShouldBe(DType.Q5_0);
        file.Tensors.First(tensor => tensor.Name == "token_embd.weight").Type.ShouldBe(DType.Q8_0);
        report.Fallbacks.ShouldContain(new TensorInfo("blk.0.attn_q.weight", DType.Q5_0, new Shape(128, 128)));
    }

    [Theory]
    [InlineData("Q4_K_M", "output.weight", DType.Q6_K)]
    [InlineData("Q4_K_M", "token_embd.weight", DType.Q4_K)]
    [InlineData("Q4_K_M", "blk.0.attn_v.weight", DType.Q6_K)]
    [InlineData("Q4_K_M", "blk.10.attn_v.weight", DType.Q4_K)]
    [InlineData("Q4_K_M", "blk.31.ffn_down.weight", DType.Q6_K)]
    [InlineData("Q4_K_S", "blk.3.attn_v.weight", DType.Q5_K)]
    [InlineData("Q4_K_S", "blk.4.attn_v.weight", DType.Q4_K)]
    [InlineData("Q5_K_M", "blk.0.ffn_down.weight", DType.Q6_K)]
    [InlineData("Q3_K_M", "blk.5.attn_output.weight", DType.Q4_K)]
    [InlineData("Q2_K", "blk.5.attn_v.weight", DType.Q4_K)]
    [InlineData("Q6_K", "blk.5.attn_v.weight", DType.Q6_K)]
    [InlineData("Q4_K_M", "blk.5.attn_norm.weight", DType.F32)]
    public void A_mix_gives_more_bits_where_they_pay(string mix, string name, DType type)
    {
        var tensor = new TensorInfo(name, DType.F16, name.Contains("norm", StringComparison.Ordinal) ? new Shape(4096) : new Shape(4096, 4096));

        QuantizationMix.Parse(mix).TypeFor(tensor, new MixContext(32, 0, 4, false)).ShouldBe(type);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void A_weight_that_is_no_number_is_named_with_its_place(float value)
    {
        using var source = Pico();
        source.Open("blk.0.ffn_up.weight").Row(3)[7] = value;

        var fault = Should.Throw<CheckpointException>(() => ModelConverter.Convert(source, Target, new ConvertOptions { Type = "Q8_0" }));

        fault.Message.ShouldContain("'blk.0.ffn_up.weight'");
        fault.Message.ShouldContain("row 3, column 7");
        Directory.GetFiles(_folder.Path).ShouldBeEmpty();
    }

    [Fact]
    public void What_exists_is_replaced_only_when_asked()
    {
        using var source = Pico();
        ModelConverter.Convert(source, Target);

        Should.Throw<CheckpointException>(() => ModelConverter.Convert(source, Target)).Message.ShouldContain("exists");
        ModelConverter.Convert(source, Target, new ConvertOptions { Overwrite = true }).Tensors.ShouldBe(source.Tensors.Count);
    }

    [Fact]
    public void Progress_runs_to_the_end_and_a_cancelled_conversion_leaves_nothing()
    {
        using var source = Pico();
        using var stop = new CancellationTokenSource();
        var seen = new List<(long Done, long Total)>();
        ModelConverter.Convert(source, Target, new ConvertOptions { Type = "F16", Progress = (done, total) => seen.Add((done, total)) });
        File.Delete(Target);

        Should.Throw<OperationCanceledException>(() => ModelConverter.Convert(source, Target,
            new ConvertOptions { Type = "F16", Progress = (_, _) => stop.Cancel(), CancellationToken = stop.Token }));

        seen.Select(pair => pair.Done).ShouldBeInOrder();
        seen[^1].Done.ShouldBe(seen[^1].Total);
        Directory.GetFiles(_folder.Path).ShouldBeEmpty();
    }

    [Fact]
    public void Blocks_do_not_go_into_a_Hugging_Face_folder()
    {
        using var source = Pico();

        Should.Throw<UnsupportedModelException>(() => ModelConverter.Convert(source, _folder.File("hf"), new ConvertOptions { Type = "Q4_K_M" })).Message.ShouldContain("Q4_K_M");
        Should.Throw<UnsupportedModelException>(() => ModelConverter.Convert(source, Target, new ConvertOptions { Type = "Q9" })).Message.ShouldContain("Q9");
    }

    static MemoryCheckpoint Pico()
    {
        var source = new MemoryCheckpoint("a test");
        source.Metadata.Set("general.architecture", "llama");
        foreach (var (key, value) in new Dictionary<string, uint> { ["block_count"] = 1, ["embedding_length"] = 32, ["attention.head_count"] = 2, ["feed_forward_length"] = 64 })
            source.Metadata.Set("llama." + key, value);
        var random = new SeededRandom(1);
        foreach (var (name, rows, columns) in ((string, int, int)[])[("token_embd.weight", 16, 32), ("blk.0.ffn_up.weight", 64, 32), ("blk.0.ffn_down.weight", 32, 64)])
        {
            var tensor = Tensor.Zeros(rows, columns);
            foreach (ref var value in tensor.Floats)
                value = (float)random.NextDouble() - 0.5f;
            source.Add(name, tensor);
        }
        return source;
    }
}
