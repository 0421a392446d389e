using Brickwork.Kernels.Rope;
using Brickwork.Models.HuggingFace;
using Brickwork.Models.HuggingFace.Settings;
using Brickwork.Models.Loading;
using Brickwork.Models.Parts;

namespace Brickwork.Models.Families;

/// <summary>Qwen 3 with experts.</summary>
sealed class Qwen3Moe : Family
{
    public override string Architecture => "qwen3moe";

    public override string Examples => "Qwen 3 30B, 235B";

    public override IReadOnlyList<HuggingFaceMap> HuggingFace { get; } =
    [
        new("qwen3_moe", "Qwen3MoeForCausalLM")
        {
            Settings =
            [
                .. Decoders.Llama,
                .. Decoders.Experts("num_experts"),
                new Fixed("norm_topk_prob", "true"),
                new Fixed("use_sliding_window", "false"),
                new Fixed("decoder_sparse_step", "1"),
                new Fixed("mlp_only_layers", "[]"),
            ],
            Tensors = [.. DecoderTensors.Plain, .. DecoderTensors.HeadNorms, .. DecoderTensors.Experts()],
        },
    ];

    protected override IPart Block(LayerBuilder layer) => new SequentialBlock
    {
        AttentionNorm = layer.RmsNorm("attn_norm"),
        Attention = layer.Attention(layer.Model.Rope.Table(RopeStyle.HalfSplit)),
        FeedForwardNorm = layer.RmsNorm("ffn_norm"),
        FeedForward = layer.Experts(),
    };
}
