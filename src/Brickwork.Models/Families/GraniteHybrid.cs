using Brickwork.Models.HuggingFace;
using Brickwork.Models.Loading;

namespace Brickwork.Models.Families;

/// <summary>Granite 4: mostly Mamba 2 layers, some attention, usually without positions.</summary>
sealed class GraniteHybrid : Granite
{
    public override string Architecture => "granitehybrid";

    public override string Examples => "Granite 4 H";

    public override IReadOnlyList<HuggingFaceMap> HuggingFace => [];

    protected override IPart Mixer(LayerBuilder layer) => layer.KvHeads == 0 ? Mamba2.Mixer(layer)
        : layer.Model.TryBool("rope.scaling.finetuned") ?? true ? base.Mixer(layer) : layer.Attention(rope: null);
}
