using Brickwork.Kernels.Rope;
using Brickwork.Models.HuggingFace;
using Brickwork.Models.HuggingFace.Settings;
using Brickwork.Models.Loading;
using Brickwork.Models.Parts;

namespace Brickwork.Models.Families;

/// <summary>OLMo 2: norms after each half instead of before, and over all queries and all keys.</summary>
sealed class Olmo2 : Family
{
    public override string Architecture => "olmo2";

    public override string Examples => "OLMo 2";

    public override IReadOnlyList<HuggingFaceMap> HuggingFace { get; } =
    [
        new("olmo2", "Olmo2ForCausalLM")
        {
            Settings = [.. Decoders.Llama, new Fixed("attention_bias", "false")],
            Tensors =
            [
                .. DecoderTensors.Ends,
                .. DecoderTensors.Attention,
                .. DecoderTensors.HeadNorms,
                .. DecoderTensors.FeedForward,
                new("blk.{n}.post_attention_norm.weight", "model.layers.{n}.post_attention_layernorm.weight"),
                new("blk.{n}.post_ffw_norm.weight", "model.layers.{n}.post_feedforward_layernorm.weight"),
            ],
        },
    ];

    protected override IPart Block(LayerBuilder layer) => new SequentialBlock
    {
        Attention = layer.Attention(layer.Model.Rope.Table(RopeStyle.HalfSplit)),
        AttentionPostNorm = layer.RmsNorm("post_attention_norm"),
        FeedForward = layer.FeedForward(),
        FeedForwardPostNorm = layer.RmsNorm("post_ffw_norm"),
    };
}
