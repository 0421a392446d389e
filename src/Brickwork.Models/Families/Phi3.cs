using Brickwork.Kernels.Rope;
using Brickwork.Models.HuggingFace;
using Brickwork.Models.HuggingFace.Settings;
using Brickwork.Models.Loading;
using Brickwork.Models.Parts;

namespace Brickwork.Models.Families;

/// <summary>Phi 3 and 4: fused tensors, and one set of frequencies for short contexts and one for long.</summary>
sealed class Phi3 : Family
{
    public override string Architecture => "phi3";

    public override string Examples => "Phi 3, 3.5, 4";

    public override IReadOnlyList<HuggingFaceMap> HuggingFace { get; } =
    [
        new("phi3", "Phi3ForCausalLM")
        {
            Settings = [.. Decoders.With(new HeadWidth { Name = null, Partial = "partial_rotary_factor" }), Decoders.Window()],
            Tensors =
            [
                .. DecoderTensors.Ends,
                .. DecoderTensors.Norms,
                new("blk.{n}.attn_qkv.weight", "model.layers.{n}.self_attn.qkv_proj.weight"),
                new("blk.{n}.attn_output.weight", "model.layers.{n}.self_attn.o_proj.weight"),
                new("blk.{n}.ffn_up.weight", "model.layers.{n}.mlp.gate_up_proj.weight"),
                new("blk.{n}.ffn_down.weight", "model.layers.{n}.mlp.down_proj.weight"),
            ],
        },
    ];

    protected override IPart Block(LayerBuilder layer) => new SequentialBlock
    {
        AttentionNorm = layer.RmsNorm("attn_norm"),
        Attention = layer.Attention(layer.Model.Rope.Table(RopeStyle.HalfSplit)),
        FeedForwardNorm = layer.RmsNorm("ffn_norm"),
        FeedForward = layer.FusedFeedForward(),
    };
}
