using Brickwork.Kernels.Rope;
using Brickwork.Models.HuggingFace;
using Brickwork.Models.HuggingFace.Settings;
using Brickwork.Models.Loading;
using Brickwork.Models.Parts;

namespace Brickwork.Models.Families;

/// <summary>Qwen 1.5, 2 and 2.5: Llama with biases on queries, keys and values.</summary>
sealed class Qwen2 : Family
{
    public override string Architecture => "qwen2";

    public override string Examples => "Qwen 2, 2.5";

    public override IReadOnlyList<HuggingFaceMap> HuggingFace { get; } =
    [
        new("qwen2", "Qwen2ForCausalLM")
        {
            Settings = [.. Decoders.Llama, new Fixed("use_sliding_window", "false")],
            Tensors = DecoderTensors.Plain,
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
