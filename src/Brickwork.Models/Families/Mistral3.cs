using Brickwork.Kernels.Rope;
using Brickwork.Models.HuggingFace;
using Brickwork.Models.HuggingFace.Settings;
using Brickwork.Models.Loading;
using Brickwork.Models.Parts;

namespace Brickwork.Models.Families;

/// <summary>Mistral 3: Llama with YaRN and queries that grow with the position.</summary>
sealed class Mistral3 : Family
{
    public override string Architecture => "mistral3";

    public override string Examples => "Ministral 3";

    public override IReadOnlyList<HuggingFaceMap> HuggingFace { get; } =
    [
        new("ministral3", "Ministral3ForCausalLM")
        {
            Settings = [.. Decoders.Llama, new Fixed("sliding_window", "null")],
            Tensors = DecoderTensors.Rotated,
        },
    ];

    protected override IPart Block(LayerBuilder layer) => new SequentialBlock
    {
        AttentionNorm = layer.RmsNorm("attn_norm"),
        Attention = layer.Attention(layer.Model.Rope.Table(RopeStyle.AdjacentPairs)) with { Temperature = Temperature(layer.Model) },
        FeedForwardNorm = layer.RmsNorm("ffn_norm"),
        FeedForward = layer.Has("ffn_gate_inp.weight") ? layer.Experts() : layer.FeedForward(),
    };

    static AttentionTemperature? Temperature(ModelBuilder model) =>
        model.TryFloat("attention.temperature_scale") is { } scale and not 0
            ? new AttentionTemperature(scale, model.TryInt("rope.scaling.original_context_length") ?? model.TrainedContext)
            : null;
}
