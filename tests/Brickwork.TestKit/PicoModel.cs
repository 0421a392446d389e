namespace Brickwork.TestKit;

/// <summary>Tiny models with seeded random weights, built in code: big enough to go through every part, small enough to run in a blink.</summary>
public static class PicoModel
{
    public const int Width = 32;
    public const int Vocabulary = 320;
    public const int Experts = 4;
    public const int Window = 24;
    public const int Heads = 4;
    public const int HeadWidth = Width / Heads;

    const int Hidden = 64;
    const int Keys = 16;

    /// <summary>A Llama of two layers with grouped heads and a byte-fallback vocabulary.</summary>
    public static LanguageModel Llama(LoadOptions? options = null, int seed = 1, DType type = DType.F32) =>
        LanguageModel.From(LlamaCheckpoint(seed, type), options);

    /// <summary>The same with a mixture of four experts, two for each token, in place of the feed-forward parts.</summary>
    public static LanguageModel Mixture(LoadOptions? options = null, int seed = 1, DType type = DType.F32) =>
        LanguageModel.From(MixtureCheckpoint(seed, type), options);

    /// <summary>A Llama whose queries, keys and values are rows of one tensor.</summary>
    public static LanguageModel Joined(LoadOptions? options = null, int seed = 1, DType type = DType.F32) =>
        LanguageModel.From(Build("llama", seed, type, layers: 2, AddFeedForward, AddJoinedAttention), options);

    /// <summary>A Gemma 2 whose first layer sees <see cref="Window"/> tokens only.</summary>
    public static LanguageModel Windowed(LoadOptions? options = null, int seed = 1, DType type = DType.F32) =>
        LanguageModel.From(WindowedCheckpoint(seed, type), options);

    /// <summary>The tensors and metadata of <see cref="Llama"/>.</summary>
    public static MemoryCheckpoint LlamaCheckpoint(int seed = 1, DType type = DType.F32, int layers = 2) =>
        Build("llama", seed, type, layers, AddFeedForward);

    /// <summary>The tensors and metadata of <see cref="Mixture"/>.</summary>
    public static MemoryCheckpoint MixtureCheckpoint(int seed = 1, DType type = DType.F32, int layers = 2)
    {
        var checkpoint = Build("llama", seed, type, layers, AddExperts);
        checkpoint.Metadata.Set("llama.expert_count", Experts);
        checkpoint.Metadata.Set("llama.expert_used_count", 2);
        return checkpoint;
    }

    /// <summary>The tensors and metadata of <see cref="Windowed"/>.</summary>
    public static MemoryCheckpoint WindowedCheckpoint(int seed = 1, DType type = DType.F32, int layers = 2)
    {
        var checkpoint = Build("gemma2", seed, type, layers, AddFeedForwardBetweenNorms);
        checkpoint.Metadata.Set("gemma2.attention.sliding_window", Window);
        return checkpoint;
    }

    /// <summary>Writes a checkpoint as GGUF.</summary>
    public static void Save(Checkpoint checkpoint, string path)
    {
        using var writer = GgufWriter.Create(path, checkpoint.Metadata, checkpoint.Tensors);
        foreach (var tensor in checkpoint.Tensors)
            writer.Write(tensor.Name, checkpoint.Open(tensor.Name));
        writer.Complete();
    }

    static MemoryCheckpoint Build(
        string architecture, int seed, DType type, int layers, Action<MemoryCheckpoint, PicoTensors, string, DType> addFeedForward,
        Action<MemoryCheckpoint, PicoTensors, string, DType>? addAttention = null)
    {
        var random = new PicoTensors(seed);
        var checkpoint = new MemoryCheckpoint($"pico {architecture}");
        Describe(checkpoint.Metadata, architecture, layers);
        PicoVocabulary.Write(checkpoint.Metadata, Vocabulary);
        checkpoint.Add("token_embd.weight", random.Matrix(type, Vocabulary, Width));
        for (var layer = 0; layer < layers; layer++)
        {
            (addAttention ?? AddAttention)(checkpoint, random, $"blk.{layer}.", type);
            addFeedForward(checkpoint, random, $"blk.{layer}.", type);
        }
        checkpoint.Add("output_norm.weight", random.Gain(Width));
        return checkpoint.Add("output.weight", random.Matrix(type, Vocabulary, Width));
    }

    static void AddJoinedAttention(MemoryCheckpoint checkpoint, PicoTensors random, string layer, DType type) => checkpoint
        .Add(layer + "attn_norm.weight", random.Gain(Width))
        .Add(layer + "attn_qkv.weight", random.Matrix(type, 4 * Keys, Width))
        .Add(layer + "attn_output.weight", random.Matrix(type, Width, 2 * Keys));

    static void AddAttention(MemoryCheckpoint checkpoint, PicoTensors random, string layer, DType type) => checkpoint
        .Add(layer + "attn_norm.weight", random.Gain(Width))
        .Add(layer + "attn_q.weight", random.Matrix(type, 2 * Keys, Width))
        .Add(layer + "attn_k.weight", random.Matrix(type, Keys, Width))
        .Add(layer + "attn_v.weight", random.Matrix(type, Keys, Width))
        .Add(layer + "attn_output.weight", random.Matrix(type, Width, 2 * Keys));

    static void AddFeedForward(MemoryCheckpoint checkpoint, PicoTensors random, string layer, DType type) => checkpoint
        .Add(layer + "ffn_norm.weight", random.Gain(Width))
        .Add(layer + "ffn_gate.weight", random.Matrix(type, Hidden, Width))
        .Add(layer + "ffn_up.weight", random.Matrix(type, Hidden, Width))
        .Add(layer + "ffn_down.weight", random.Matrix(type, Width, Hidden));

    static void AddFeedForwardBetweenNorms(MemoryCheckpoint checkpoint, PicoTensors random, string layer, DType type)
    {
        checkpoint.Add(layer + "post_attention_norm.weight", random.Gain(Width));
        AddFeedForward(checkpoint, random, layer, type);
        checkpoint.Add(layer + "post_ffw_norm.weight", random.Gain(Width));
    }

    static void AddExperts(MemoryCheckpoint checkpoint, PicoTensors random, string layer, DType type) => checkpoint
        .Add(layer + "ffn_norm.weight", random.Gain(Width))
        .Add(layer + "ffn_gate_inp.weight", random.Matrix(DType.F32, Experts, Width))
        .Add(layer + "ffn_gate_exps.weight", random.Stack(type, Experts, Hidden, Width))
        .Add(layer + "ffn_up_exps.weight", random.Stack(type, Experts, Hidden, Width))
        .Add(layer + "ffn_down_exps.weight", random.Stack(type, Experts, Width, Hidden));

    static void Describe(Metadata metadata, string architecture, int layers)
    {
        metadata.Set("general.architecture", architecture);
        metadata.Set("general.name", "pico");
        metadata.Set($"{architecture}.block_count", layers);
        metadata.Set($"{architecture}.embedding_length", Width);
        metadata.Set($"{architecture}.feed_forward_length", Hidden);
        metadata.Set($"{architecture}.attention.head_count", Heads);
        metadata.Set($"{architecture}.attention.head_count_kv", 2);
        metadata.Set($"{architecture}.attention.layer_norm_rms_epsilon", 1e-5f);
        metadata.Set($"{architecture}.context_length", 256);
        metadata.Set($"{architecture}.vocab_size", Vocabulary);
    }
}
