namespace Brickwork.TestKit;

/// <summary>A Gemma 4 in which everything of the family happens that can: windows, experts, and two layers that borrow keys and values.</summary>
public static class PicoGemma4
{
    const int Width = 32, Vocabulary = 320, Layers = 5, Heads = 4, KeyHeads = 2, Narrow = 16, Wide = 32, Hidden = 48, Experts = 4;
    const string Family = "gemma4";

    /// <summary>Every third layer sees everything; the last two borrow.</summary>
    static readonly bool[] Windowed = [true, true, false, true, false];

    public static MemoryCheckpoint Checkpoint()
    {
        var random = new PicoTensors(seed: 4);
        var checkpoint = new MemoryCheckpoint("pico gemma4");
        Describe(checkpoint.Metadata);
        PicoVocabulary.Write(checkpoint.Metadata, Vocabulary);
        checkpoint.Add("token_embd.weight", random.Matrix(DType.F32, Vocabulary, Width));
        checkpoint.Add("rope_freqs.weight", Tensor.From([.. Enumerable.Repeat(1f, 4), .. Enumerable.Repeat(1e30f, Wide / 2 - 4)], Wide / 2));
        for (var layer = 0; layer < Layers; layer++)
        {
            AddAttention(checkpoint, random, $"blk.{layer}.", Windowed[layer] ? Narrow : Wide, borrows: layer > 2);
            AddFeedForward(checkpoint, random, $"blk.{layer}.");
        }
        return checkpoint.Add("output_norm.weight", random.Gain(Width));
    }

    static void AddAttention(MemoryCheckpoint checkpoint, PicoTensors random, string layer, int head, bool borrows)
    {
        checkpoint
            .Add(layer + "attn_norm.weight", random.Gain(Width))
            .Add(layer + "attn_q.weight", random.Matrix(DType.F32, Heads * head, Width))
            .Add(layer + "attn_q_norm.weight", random.Gain(head))
            .Add(layer + "attn_output.weight", random.Matrix(DType.F32, Width, Heads * head))
            .Add(layer + "post_attention_norm.weight", random.Gain(Width));
        if (borrows)
            return;
        checkpoint
            .Add(layer + "attn_k.weight", random.Matrix(DType.F32, KeyHeads * head, Width))
            .Add(layer + "attn_k_norm.weight", random.Gain(head));
        if (head == Narrow)     // wide heads take their values from the keys' projection
            checkpoint.Add(layer + "attn_v.weight", random.Matrix(DType.F32, KeyHeads * head, Width));
    }

    static void AddFeedForward(MemoryCheckpoint checkpoint, PicoTensors random, string layer) => checkpoint
        .Add(layer + "ffn_norm.weight", random.Gain(Width))
        .Add(layer + "ffn_gate.weight", random.Matrix(DType.F32, Hidden, Width))
        .Add(layer + "ffn_up.weight", random.Matrix(DType.F32, Hidden, Width))
        .Add(layer + "ffn_down.weight", random.Matrix(DType.F32, Width, Hidden))
        .Add(layer + "post_ffw_norm_1.weight", random.Gain(Width))
        .Add(layer + "pre_ffw_norm_2.weight", random.Gain(Width))
        .Add(layer + "ffn_gate_inp.weight", random.Matrix(DType.F32, Experts, Width))
        .Add(layer + "ffn_gate_inp.scale", random.Gain(Width))
        .Add(layer + "ffn_gate_up_exps.weight", random.Stack(DType.F32, Experts, 2 * Hidden, Width))
        .Add(layer + "ffn_down_exps.weight", random.Stack(DType.F32, Experts, Width, Hidden))
        .Add(layer + "ffn_down_exps.scale", random.Gain(Experts))
        .Add(layer + "post_ffw_norm_2.weight", random.Gain(Width))
        .Add(layer + "post_ffw_norm.weight", random.Gain(Width))
        .Add(layer + "layer_output_scale.weight", Tensor.From([0.7f], 1));

    static void Describe(Metadata metadata)
    {
        metadata.Set("general.architecture", Family);
        (string Key, object Value)[] values =
        [
            ("block_count", Layers), ("embedding_length", Width), ("feed_forward_length", Hidden), ("context_length", 256),
            ("vocab_size", Vocabulary), ("attention.head_count", Heads), ("attention.head_count_kv", KeyHeads),
            ("attention.layer_norm_rms_epsilon", 1e-6f), ("attention.key_length", Wide), ("attention.value_length", Wide),
            ("attention.key_length_swa", Narrow), ("attention.value_length_swa", Narrow), ("rope.dimension_count", Wide),
            ("rope.dimension_count_swa", Narrow), ("rope.freq_base", 1000000f), ("rope.freq_base_swa", 10000f),
            ("attention.sliding_window", 6), ("attention.sliding_window_pattern", Windowed), ("attention.shared_kv_layers", 2),
            ("embedding_length_per_layer_input", 0), ("expert_count", Experts), ("expert_used_count", 2),
            ("expert_feed_forward_length", Hidden), ("final_logit_softcapping", 30f),
        ];
        foreach (var (key, value) in values)
            metadata.Set($"{Family}.{key}", value is int number ? (uint)number : value);
    }
}
