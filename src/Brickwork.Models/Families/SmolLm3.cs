using Brickwork.Kernels.Rope;
using Brickwork.Models.HuggingFace;
using Brickwork.Models.HuggingFace.Settings;
using Brickwork.Models.Loading;
using Brickwork.Models.Parts;

namespace Brickwork.Models.Families;

/// <summary>SmolLM 3: Llama in which every fourth layer knows no positions.</summary>
sealed class SmolLm3 : Family
{
    const int LayersPerPeriod = 4;

    public override string Architecture => "smollm3";

    public override string Examples => "SmolLM3";

    public override IReadOnlyList<HuggingFaceMap> HuggingFace { get; } =
    [
        new("smollm3", "SmolLM3ForCausalLM")
        {
            Settings =
            [
                .. Decoders.Llama,
                new Fixed("no_rope_layer_interval", $"{LayersPerPeriod}"),
                new Special(CheckPositions, (_, _) => { }),
                new Fixed("use_sliding_window", "false"),
                new Presence("attention_bias", "blk.0.attn_q.bias"),
            ],
            Tensors = DecoderTensors.Rotated,
        },
    ];

    /// <summary>The list says 1 for a layer that knows positions, 0 for one that does not.</summary>
    static void CheckPositions(ConfigSource config, CanonicalModel model)
    {
        if (config.TryReals("no_rope_layers") is { } layers && layers.Where((value, layer) => value != 0 != ((layer + 1) % LayersPerPeriod != 0)).Any())
            throw config.Unsupported("no_rope_layers", config.Find("no_rope_layers")!.Value, $"every {LayersPerPeriod}th layer without positions");
    }

    protected override IPart Block(LayerBuilder layer) => new SequentialBlock
    {
        AttentionNorm = layer.RmsNorm("attn_norm"),
        Attention = layer.Attention((layer.Index + 1) % LayersPerPeriod == 0 ? null : layer.Model.Rope.Table(RopeStyle.AdjacentPairs)),
        FeedForwardNorm = layer.RmsNorm("ffn_norm"),
        FeedForward = layer.FeedForward(),
    };
}
