using Brickwork.Kernels.Activations;
using Brickwork.Kernels.Rope;
using Brickwork.Models.HuggingFace;
using Brickwork.Models.HuggingFace.Settings;
using Brickwork.Models.Loading;
using Brickwork.Models.Parts;

namespace Brickwork.Models.Families;

/// <summary>StarCoder 2: LayerNorm and biases everywhere, GELU without a gate.</summary>
sealed class StarCoder2 : Family
{
    public override string Architecture => "starcoder2";

    public override string Examples => "StarCoder 2";

    public override IReadOnlyList<HuggingFaceMap> HuggingFace { get; } =
    [
        new("starcoder2", "Starcoder2ForCausalLM")
        {
            Settings =
            [
                .. Decoders.Sizes,
                new HeadWidth { Name = null },
                new Rope(),
                new Real("norm_epsilon", "attention.layer_norm_epsilon") { Default = 1e-5 },
                Fixed.Gelu("hidden_act", "gelu_pytorch_tanh"),
                new Presence("use_bias", "blk.0.attn_q.bias"),
                new Tie(),
            ],
            Tensors =
            [
                .. DecoderTensors.Ends,
                .. DecoderTensors.Norms,
                .. DecoderTensors.Attention,
                new("blk.{n}.ffn_up.*", "model.layers.{n}.mlp.c_fc.*"),
                new("blk.{n}.ffn_down.*", "model.layers.{n}.mlp.c_proj.*"),
            ],
        },
    ];

    protected override IPart Block(LayerBuilder layer) => new SequentialBlock
    {
        AttentionNorm = layer.LayerNorm("attn_norm"),
        Attention = layer.Attention(layer.Model.Rope.Table(RopeStyle.HalfSplit)),
        FeedForwardNorm = layer.LayerNorm("ffn_norm"),
        FeedForward = layer.PlainFeedForward(ActivationKind.GeluTanh),
    };

    protected override IPart? FinalNorm(ModelBuilder model) => model.LayerNorm("output_norm");
}
