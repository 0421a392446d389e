using Brickwork.Kernels.Rope;
using Brickwork.Models.HuggingFace;
using Brickwork.Models.HuggingFace.Settings;
using Brickwork.Models.Loading;
using Brickwork.Models.Parts;

namespace Brickwork.Models.Families;

/// <summary>OLMoE: norms over all queries and all keys, the weights of the chosen experts are not normalised.</summary>
sealed class Olmoe : Family
{
    public override string Architecture => "olmoe";

    public override string Examples => "OLMoE";

    public override IReadOnlyList<HuggingFaceMap> HuggingFace { get; } =
    [
        new("olmoe", "OlmoeForCausalLM")
        {
            Settings =
            [
                .. Decoders.Llama,
                .. Decoders.Experts("num_experts", width: null),
                new Fixed("norm_topk_prob", "false"),
                new Fixed("clip_qkv", "null"),
            ],
            Tensors = [.. DecoderTensors.Plain, .. DecoderTensors.HeadNorms, .. DecoderTensors.Experts()],
        },
    ];

    protected override IPart Block(LayerBuilder layer) => new SequentialBlock
    {
        AttentionNorm = layer.RmsNorm("attn_norm"),
        Attention = layer.Attention(layer.Model.Rope.Table(RopeStyle.HalfSplit)),
        FeedForwardNorm = layer.RmsNorm("ffn_norm"),
        FeedForward = layer.Experts(new ExpertRouting { Used = layer.Model.Int("expert_used_count"), Normalize = false }),
    };
}
