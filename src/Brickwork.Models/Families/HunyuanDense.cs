using Brickwork.Kernels.Rope;
using Brickwork.Models.HuggingFace;
using Brickwork.Models.HuggingFace.Settings;
using Brickwork.Models.Loading;
using Brickwork.Models.Parts;

namespace Brickwork.Models.Families;

/// <summary>Hunyuan, dense: the norms of queries and keys come after the rotation.</summary>
sealed class HunyuanDense : Family
{
    public override string Architecture => "hunyuan-dense";

    public override string Examples => "Hunyuan 0.5B to 7B";

    public override IReadOnlyList<HuggingFaceMap> HuggingFace { get; } =
    [
        new("hunyuan_v1_dense", "HunYuanDenseV1ForCausalLM")
        {
            Settings = Decoders.Llama,
            Tensors =
            [
                .. DecoderTensors.Plain,
                new("blk.{n}.attn_q_norm.weight", "model.layers.{n}.self_attn.query_layernorm.weight"),
                new("blk.{n}.attn_k_norm.weight", "model.layers.{n}.self_attn.key_layernorm.weight"),
            ],
        },
    ];

    protected override IPart Block(LayerBuilder layer) => new SequentialBlock
    {
        AttentionNorm = layer.RmsNorm("attn_norm"),
        Attention = layer.Attention(layer.Model.Rope.Table(RopeStyle.HalfSplit)) with { RotateBeforeNorm = true },
        FeedForwardNorm = layer.RmsNorm("ffn_norm"),
        FeedForward = layer.FeedForward(),
    };
}
