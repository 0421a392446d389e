using Brickwork.Kernels.Activations;
using Brickwork.Kernels.Attention;
using Brickwork.Models.Loading;
using Brickwork.Models.Parts;

namespace Brickwork.Models.Families;

/// <summary>BERT: every token sees every other, norms follow the sums, and the output is hidden values.</summary>
class Bert : Family
{
    public override string Architecture => "bert";

    public override string Examples => "BERT, BGE, E5, MiniLM";

    protected override IPart Embedding(ModelBuilder model) => new Embedding(model.Tensor("token_embd.weight"))
    {
        Positions = model.Has("position_embd.weight") ? model.Tensor("position_embd.weight") : null,
        TokenTypes = model.Has("token_types.weight") ? model.Tensor("token_types.weight") : null,
        Norm = model.LayerNorm("token_embd_norm"),
    };

    protected override IPart Block(LayerBuilder layer) => new PostNormBlock
    {
        Attention = Attention(layer),
        AttentionNorm = layer.LayerNorm("attn_output_norm"),
        FeedForward = FeedForward(layer),
        FeedForwardNorm = layer.LayerNorm("layer_output_norm"),
    };

    protected override IPart? FinalNorm(ModelBuilder model) => null;

    protected override IPart? Head(ModelBuilder model) => null;

    protected virtual IPart Attention(LayerBuilder layer) => layer.Attention(null, BothWays(layer));

    protected virtual IPart FeedForward(LayerBuilder layer) => layer.FeedForward(ActivationKind.GeluTanh);

    protected static AttentionOptions BothWays(LayerBuilder layer) => layer.AttentionOptions() with { Mask = AttentionMask.Full };
}
