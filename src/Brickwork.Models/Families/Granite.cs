using Brickwork.Kernels.Rope;
using Brickwork.Models.Loading;
using Brickwork.Models.Parts;

namespace Brickwork.Models.Families;

/// <summary>Granite, dense: Llama with factors on embedding, attention, residuals and logits.</summary>
class Granite : Family
{
    public override string Architecture => "granite";

    public override string Examples => "Granite 3 without experts";

    protected override IPart Embedding(ModelBuilder model) =>
        new Embedding(model.Tensor("token_embd.weight")) { Scale = model.TryFloat("embedding_scale") ?? 1 };

    protected override IPart Block(LayerBuilder layer) => new SequentialBlock
    {
        AttentionNorm = layer.RmsNorm("attn_norm"),
        Attention = Mixer(layer),
        FeedForwardNorm = layer.RmsNorm("ffn_norm"),
        FeedForward = FeedForward(layer),
        ResidualScale = layer.Model.TryFloat("residual_scale") ?? 1,
    };

    protected virtual IPart Mixer(LayerBuilder layer) => layer.Attention(layer.Model.Rope.Table(RopeStyle.AdjacentPairs));

    protected override IPart? Head(ModelBuilder model) => new Head(OutputProjection(model)) { Scale = 1 / (model.TryFloat("logit_scale") ?? 1) };

    protected static IPart FeedForward(LayerBuilder layer) => layer.Has("ffn_gate_inp.weight") ? layer.Experts() : layer.FeedForward();
}

/// <summary>Granite with experts.</summary>
sealed class GraniteMoe : Granite
{
    public override string Architecture => "granitemoe";

    public override string Examples => "Granite 3 with experts";
}
