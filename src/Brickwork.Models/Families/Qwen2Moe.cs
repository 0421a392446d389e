using Brickwork.Kernels.Rope;
using Brickwork.Models.HuggingFace;
using Brickwork.Models.HuggingFace.Settings;
using Brickwork.Models.HuggingFace.Transforms;
using Brickwork.Models.Loading;
using Brickwork.Models.Parts;

namespace Brickwork.Models.Families;

/// <summary>Qwen 1.5 and 2 with experts: the weights of the chosen are not normalised, a gate weighs the shared expert.</summary>
sealed class Qwen2Moe : Family
{
    public override string Architecture => "qwen2moe";

    public override string Examples => "Qwen 1.5 MoE, Qwen 2 57B";

    public override IReadOnlyList<HuggingFaceMap> HuggingFace { get; } =
    [
        new("qwen2_moe", "Qwen2MoeForCausalLM")
        {
            Settings =
            [
                .. Decoders.Llama,
                .. Decoders.Experts("num_experts"),
                new Size("shared_expert_intermediate_size", "expert_shared_feed_forward_length"),
                new Fixed("norm_topk_prob", "false"),
                new Fixed("use_sliding_window", "false"),
                new Fixed("decoder_sparse_step", "1"),
                new Fixed("mlp_only_layers", "[]"),
            ],
            Tensors =
            [
                .. DecoderTensors.Plain,
                .. DecoderTensors.Experts(),
                .. DecoderTensors.SharedExperts("shared_expert"),
                new("blk.{n}.ffn_gate_inp_shexp.weight", "model.layers.{n}.mlp.shared_expert_gate.weight", new OneRow()),
            ],
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
