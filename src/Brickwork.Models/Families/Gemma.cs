using Brickwork.Kernels.Activations;
using Brickwork.Kernels.Rope;
using Brickwork.Models.HuggingFace;
using Brickwork.Models.Loading;
using Brickwork.Models.Parts;

namespace Brickwork.Models.Families;

/// <summary>Gemma 1: Llama with the embedding scaled by √D and a GELU gate.</summary>
sealed class Gemma : Family
{
    public override string Architecture => "gemma";

    public override string Examples => "Gemma 2B, 7B";

    public override IReadOnlyList<HuggingFaceMap> HuggingFace { get; } =
    [
        new("gemma", "GemmaForCausalLM")
        {
            Settings = [.. GemmaNames.Settings(headWidth: 256)],
            Tensors = [.. GemmaNames.Ends, .. GemmaNames.Norms("ffn_norm", "post_attention_layernorm"), .. DecoderTensors.Attention, .. DecoderTensors.FeedForward],
        },
    ];

    protected override IPart Embedding(ModelBuilder model) =>
        new Embedding(model.Table("token_embd.weight")) { Scale = MathF.Sqrt(model.Width) };

    protected override IPart Block(LayerBuilder layer) => new SequentialBlock
    {
        AttentionNorm = layer.RmsNorm("attn_norm"),
        Attention = layer.Attention(layer.Model.Rope.Table(RopeStyle.HalfSplit)),
        FeedForwardNorm = layer.RmsNorm("ffn_norm"),
        FeedForward = layer.FeedForward(ActivationKind.GeluTanh),
    };
}
