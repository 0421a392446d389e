namespace Brickwork.TestKit;

/// <summary>Tiny models with seeded random weights, built in code: big enough to go through every part, small enough to run in a blink.</summary>
public static class PicoModel
{
    public const int Width = 32;
    public const int Vocabulary = 320;

    /// <summary>A Llama of two layers with grouped heads and a byte-fallback vocabulary.</summary>
    public static LanguageModel Llama(LoadOptions? options = null, int seed = 1, DType type = DType.F32) =>
        LanguageModel.From(LlamaCheckpoint(seed, type), options);

    /// <summary>The tensors and metadata of <see cref="Llama"/>.</summary>
    public static MemoryCheckpoint LlamaCheckpoint(int seed = 1, DType type = DType.F32, int layers = 2)
    {
        var random = new Random(seed);
        var checkpoint = new MemoryCheckpoint("pico llama");
        Sizes(checkpoint.Metadata, layers);
        PicoVocabulary.Write(checkpoint.Metadata, Vocabulary);
        checkpoint.Add("token_embd.weight", Matrix(random, Vocabulary, Width, type));
        for (var layer = 0; layer < layers; layer++)
            foreach (var (name, outputs, inputs) in LayerMatrices())
                checkpoint.Add($"blk.{layer}.{name}.weight", inputs == 1 ? Gain(random, outputs) : Matrix(random, outputs, inputs, type));
        checkpoint.Add("output_norm.weight", Gain(random, Width));
        checkpoint.Add("output.weight", Matrix(random, Vocabulary, Width, type));
        return checkpoint;
    }

    static (string Name, int Outputs, int Inputs)[] LayerMatrices() =>
    [
        ("attn_norm", Width, 1), ("attn_q", 32, Width), ("attn_k", 16, Width), ("attn_v", 16, Width), ("attn_output", Width, 32),
        ("ffn_norm", Width, 1), ("ffn_gate", 64, Width), ("ffn_up", 64, Width), ("ffn_down", Width, 64),
    ];

    static void Sizes(Metadata metadata, int layers)
    {
        metadata.Set("general.architecture", "llama");
        metadata.Set("general.name", "pico");
        metadata.Set("llama.block_count", layers);
        metadata.Set("llama.embedding_length", Width);
        metadata.Set("llama.feed_forward_length", 64);
        metadata.Set("llama.attention.head_count", 4);
        metadata.Set("llama.attention.head_count_kv", 2);
        metadata.Set("llama.attention.layer_norm_rms_epsilon", 1e-5f);
        metadata.Set("llama.context_length", 256);
        metadata.Set("llama.vocab_size", Vocabulary);
    }

    static Tensor Matrix(Random random, int outputs, int inputs, DType type)
    {
        var values = new float[outputs * inputs];
        foreach (ref var value in values.AsSpan())
            value = Normal(random) / MathF.Sqrt(inputs) * 1.5f;
        return type == DType.F32 ? Tensor.From(values, outputs, inputs) : Stored(values, outputs, inputs, type);
    }

    static Tensor Stored(float[] values, int outputs, int inputs, DType type)
    {
        var tensor = Tensor.Zeros(type, outputs, inputs);
        values.AsSpan(0, 0).Clear();
        return tensor;
    }

    static Tensor Gain(Random random, int length)
    {
        var values = new float[length];
        foreach (ref var value in values.AsSpan())
            value = 1 + 0.1f * Normal(random);
        return Tensor.From(values, length);
    }

    static float Normal(Random random) => (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
}
