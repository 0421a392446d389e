using Brickwork.Kernels.Attention;
using Brickwork.Kernels.Rope;
using Brickwork.Models.Loading;
using Brickwork.Models.Parts;

namespace Brickwork.Models.Families;

/// <summary>Llama 4: attention in chunks, every fourth layer over everything without positions, one expert beside a shared one.</summary>
sealed class Llama4 : Family
{
    const int LayersPerPeriod = 4;
    const int ChunkTokens = 8192;
    const int ExpertsOfMaverick = 128;

    public override string Architecture => "llama4";

    public override string Examples => "Llama 4 Scout, Maverick";

    protected override IPart Block(LayerBuilder layer) => new SequentialBlock
    {
        AttentionNorm = layer.RmsNorm("attn_norm"),
        Attention = Attention(layer),
        FeedForwardNorm = layer.RmsNorm("ffn_norm"),
        FeedForward = layer.Has("ffn_gate_inp.weight") ? layer.Experts(Routing(layer.Model)) : layer.FeedForward(),
    };

    static Attention Attention(LayerBuilder layer)
    {
        if (layer.Model.TryInt("attention.sliding_window") is not 0 && (layer.Index + 1) % LayersPerPeriod == 0)
            return layer.Attention(rope: null) with { Temperature = new AttentionTemperature(0.1f, ChunkTokens, Offset: 1) };
        var attention = layer.Attention(
            layer.Model.Rope.Table(RopeStyle.AdjacentPairs), layer.AttentionOptions() with { Mask = AttentionMask.Chunked(ChunkTokens) });
        if (layer.Model.TryInt("expert_count") == ExpertsOfMaverick)
            return attention;
        var norm = RmsNorm.WithoutGain(layer.KeyWidth, layer.Model.Epsilon);
        return attention with { QueryNorm = norm, KeyNorm = norm, RotateBeforeNorm = true };
    }

    static ExpertRouting Routing(ModelBuilder model) => new()
    {
        Used = model.Int("expert_used_count"),
        Gate = ExpertGate.Sigmoid,
        Normalize = false,
        WeightsInput = true,
    };
}
