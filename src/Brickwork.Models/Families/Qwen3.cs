using Brickwork.Kernels.Rope;
using Brickwork.Models.HuggingFace;
using Brickwork.Models.HuggingFace.Settings;
using Brickwork.Models.Loading;
using Brickwork.Models.Parts;

namespace Brickwork.Models.Families;

/// <summary>Qwen 3: norms on the queries and keys of each head.</summary>
sealed class Qwen3 : Family
{
    public override string Architecture => "qwen3";

    public override string Examples => "Qwen 3, Qwen3 Embedding";

    public override IReadOnlyList<HuggingFaceMap> HuggingFace { get; } =
    [
        new("qwen3", "Qwen3ForCausalLM")
        {
            Settings = [.. Decoders.With(new HeadWidth { Default = 128 }), new Fixed("use_sliding_window", "false")],
            Tensors = [.. DecoderTensors.Plain, .. DecoderTensors.HeadNorms],
        },
    ];

    protected override IPart Block(LayerBuilder layer) => new SequentialBlock
    {
        AttentionNorm = layer.RmsNorm("attn_norm"),
        Attention = layer.Attention(layer.Model.Rope.Table(RopeStyle.HalfSplit)),
        FeedForwardNorm = layer.RmsNorm("ffn_norm"),
        FeedForward = layer.FeedForward(),
    };
}
