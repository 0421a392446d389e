using Brickwork.Kernels.Attention;
using Brickwork.Kernels.Rope;
using Brickwork.Models.HuggingFace;
using Brickwork.Models.HuggingFace.Settings;
using Brickwork.Models.Loading;
using Brickwork.Models.Parts;

namespace Brickwork.Models.Families;

/// <summary>Llama 1–3, Mistral, Mixtral, SmolLM and everything else that calls itself llama: the shape most families vary.</summary>
sealed class Llama : Family
{
    public override string Architecture => "llama";

    public override string Examples => "Llama 1 to 3.3, Mistral, Mixtral, SmolLM, TinyLlama";

    public override IReadOnlyList<HuggingFaceMap> HuggingFace { get; } =
    [
        new("mixtral", "MixtralForCausalLM")
        {
            Fits = model => model.TryInt("expert_count") > 0,
            Settings = [.. Decoders.Llama, .. Decoders.Experts("num_local_experts", width: null), Decoders.Window()],
            Tensors = [.. DecoderTensors.Rotated, .. DecoderTensors.Experts("block_sparse_moe", "w1", "w3", "w2")],
        },
        new("mistral", "MistralForCausalLM")
        {
            Fits = model => model.TryInt("attention.sliding_window") > 0,
            Settings = [.. Decoders.Llama, Decoders.Window()],
            Tensors = DecoderTensors.Rotated,
        },
        new("llama", "LlamaForCausalLM")
        {
            Settings = [.. Decoders.Llama, new Presence("attention_bias", "blk.0.attn_q.bias"), new Presence("mlp_bias", "blk.0.ffn_up.bias")],
            Tensors = DecoderTensors.Rotated,
        },
    ];

    protected override IPart Block(LayerBuilder layer) => new SequentialBlock
    {
        AttentionNorm = layer.RmsNorm("attn_norm"),
        Attention = layer.Attention(layer.Model.Rope.Table(RopeStyle.AdjacentPairs), Options(layer)),
        FeedForwardNorm = layer.RmsNorm("ffn_norm"),
        FeedForward = layer.Has("ffn_gate_inp.weight") ? layer.Experts() : layer.FeedForward(),
    };

    // Mistral's first model alone has a window.
    static AttentionOptions Options(LayerBuilder layer) => layer.AttentionOptions() with
    {
        Mask = layer.Model.TryInt("attention.sliding_window") is > 0 and var window ? AttentionMask.SlidingWindow(window) : AttentionMask.Causal,
    };
}
