using Brickwork.TestKit;

namespace Brickwork.Formats.Tests;

public class Llama2CTests
{
    static readonly int[] Header = [4, 6, 2, 2, 1, -3, 8];

    [SkippableFact]
    public void A_llama2c_file_presents_what_the_GGUF_of_the_same_model_holds()
    {
        using var found = CheckpointFile.Open(SharedData.Require("data", "model-stories260k", "stories260K.bin"));
        using var expected = CheckpointFile.Open(SharedData.Require("data", "model-stories260k", "stories260K-f32.gguf"));

        found.Tensors.ShouldBe(expected.Tensors);
        foreach (var tensor in expected.Tensors)
            found.Open(tensor.Name).Floats.SequenceEqual(expected.Open(tensor.Name).Floats).ShouldBeTrue(tensor.Name);
        foreach (var (key, value) in expected.Metadata.Where(pair => pair.Key != "general.license"))
            found.Metadata.Find(key)?.Value.ShouldBe(value.Value, key);
        foreach (var (key, _) in found.Metadata.Where(pair => pair.Key != "tokenizer.ggml.add_space_prefix"))
            expected.Metadata.Contains(key).ShouldBeTrue(key);
    }

    [Fact]
    public void A_model_with_a_head_of_its_own_has_it_after_the_unused_rotations()
    {
        using var found = Llama2CCheckpoint.Read(Model(Header), Tokens(3), "pico.bin");

        // The floats count up from 0: embedding 12, norms 8, q 32, k 16, v 16, o 32, norms 8, w1-w3 144, norm 4, rotations 16.
        found.Open("output.weight").Floats[0].ShouldBe(288);
        found.Open("output_norm.weight").Floats[0].ShouldBe(268);
        found.Open("blk.1.attn_k.weight").Floats[0].ShouldBe(12 + 8 + 32 + 8);
        found.Tensors.ShouldContain(new TensorInfo("blk.1.attn_k.weight", DType.F32, new Shape(2, 4)));
        found.Metadata.TryTexts("tokenizer.ggml.tokens").ShouldBe(["<unk>", "<s>", "</s>"]);
    }

    [Fact]
    public void A_file_of_the_wrong_length_is_refused_with_both_lengths()
    {
        var error = Should.Throw<CheckpointException>(() => Llama2CCheckpoint.Read([.. Model(Header), 0], Tokens(3), "long.bin"));

        error.Message.ShouldContain("1229 bytes");
        error.Message.ShouldContain("1228");
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, -4)]
    [InlineData(2, 0)]
    [InlineData(3, 3)]
    [InlineData(4, int.MinValue)]
    [InlineData(5, 0)]
    [InlineData(5, int.MinValue)]
    [InlineData(1, int.MaxValue)]
    public void A_header_that_lies_is_refused(int field, int value)
    {
        var header = Header.ToArray();
        var bytes = Model(header);
        BitConverter.GetBytes(value).CopyTo(bytes, field * 4);

        Should.Throw<CheckpointException>(() => Llama2CCheckpoint.Read(bytes, Tokens(3), "liar.bin")).Message.ShouldContain("liar.bin");
    }

    [Fact]
    public void A_vocabulary_of_another_size_is_refused()
    {
        Should.Throw<CheckpointException>(() => Llama2CCheckpoint.Read(Model(Header), Tokens(4), "m.bin")).Message.ShouldContain("longer");
        Should.Throw<CheckpointException>(() => Llama2CCheckpoint.Read(Model(Header), Tokens(2), "m.bin")).Message.ShouldContain("token");
    }

    [Fact]
    public void A_model_without_vocabulary_says_which_file_is_missing()
    {
        using var folder = new TempFolder();
        var path = folder.Write("m.bin", Model(Header));

        Should.Throw<CheckpointException>(() => CheckpointFile.Open(path)).Message.ShouldContain("tokenizer.bin or tok3.bin");
        CheckpointFile.Open(path, folder.Write("elsewhere.tok", Tokens(3))).Dispose();
    }

    static byte[] Model(int[] header)
    {
        var floats = Enumerable.Range(0, 300).Select(i => (float)i);
        return [.. header.SelectMany(BitConverter.GetBytes), .. floats.SelectMany(BitConverter.GetBytes)];
    }

    static byte[] Tokens(int count)
    {
        string[] texts = ["<unk>", "\n<s>\n", "\n</s>\n", " x"];
        return [.. BitConverter.GetBytes(7), .. texts[..count].SelectMany(text => (byte[])
            [.. BitConverter.GetBytes(0f), .. BitConverter.GetBytes(text.Length), .. System.Text.Encoding.UTF8.GetBytes(text)])];
    }
}
