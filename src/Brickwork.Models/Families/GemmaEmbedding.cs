using Brickwork.Kernels.Attention;
using Brickwork.Models.HuggingFace;
using Brickwork.Models.Loading;

namespace Brickwork.Models.Families;

/// <summary>EmbeddingGemma: Gemma 3 that looks both ways and gives hidden values instead of logits.</summary>
sealed class GemmaEmbedding : Gemma3
{
    public override string Architecture => "gemma-embedding";

    public override string Examples => "EmbeddingGemma";

    public override IReadOnlyList<HuggingFaceMap> HuggingFace => [];

    protected override IPart? Head(ModelBuilder model) => null;

    protected override AttentionMask Mask(LayerBuilder layer) => SeesEverything(layer)
        ? AttentionMask.Full
        : AttentionMask.SymmetricWindow(layer.Window(512));
}
