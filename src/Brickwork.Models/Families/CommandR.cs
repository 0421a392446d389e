using Brickwork.Kernels.Rope;
using Brickwork.Models.HuggingFace;
using Brickwork.Models.HuggingFace.Settings;
using Brickwork.Models.Loading;
using Brickwork.Models.Parts;

namespace Brickwork.Models.Families;

/// <summary>Command R: both halves of a layer see the same input, LayerNorm without bias, scaled logits.</summary>
sealed class CommandR : Family
{
    public override string Architecture => "command-r";

    public override string Examples => "Command R, Aya 23";

    public override IReadOnlyList<HuggingFaceMap> HuggingFace { get; } =
    [
        new("cohere", "CohereForCausalLM")
        {
            Settings =
            [
                .. Decoders.Sizes,
                new Size("model_max_length", "context_length") { IsOptional = true },
                new HeadWidth { Name = null },
                new Rope(),
                new Real("layer_norm_eps", "attention.layer_norm_epsilon") { Default = 1e-5 },
                new Real("logit_scale", "logit_scale") { Default = 0.0625 },
                new Presence("use_qk_norm", "blk.0.attn_q_norm.weight"),
                Fixed.Silu,
                new Tie(),
            ],
            // Its rotation turns neighbours, as GGUF's does: no row changes its place.
            Tensors = [.. DecoderTensors.Plain, .. DecoderTensors.HeadNorms],
        },
    ];

    protected override IPart Block(LayerBuilder layer) => new ParallelBlock
    {
        AttentionNorm = layer.LayerNorm("attn_norm"),
        Attention = layer.Attention(layer.Model.Rope.Table(RopeStyle.AdjacentPairs)) with
        {
            QueryNorm = layer.TryHeadLayerNorm("attn_q_norm", layer.Heads),
            KeyNorm = layer.TryHeadLayerNorm("attn_k_norm", layer.KvHeads),
        },
        FeedForward = layer.FeedForward(),
    };

    protected override IPart? FinalNorm(ModelBuilder model) => model.LayerNorm("output_norm");

    protected override IPart? Head(ModelBuilder model) => new Head(OutputProjection(model)) { Scale = model.TryFloat("logit_scale") ?? 1 };
}
