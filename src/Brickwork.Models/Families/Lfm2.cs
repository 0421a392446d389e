using Brickwork.Kernels.Rope;
using Brickwork.Models.Loading;
using Brickwork.Models.Parts;

namespace Brickwork.Models.Families;

/// <summary>LFM 2: mostly short gated convolutions, some attention.</summary>
sealed class Lfm2 : Family
{
    public override string Architecture => "lfm2";

    public override string Examples => "LFM2 without experts";

    protected override IPart Block(LayerBuilder layer) => new SequentialBlock
    {
        AttentionNorm = layer.RmsNorm("attn_norm"),
        Attention = layer.KvHeads == 0 ? Convolution(layer) : layer.Attention(layer.Model.Rope.Table(RopeStyle.HalfSplit)),
        FeedForwardNorm = layer.RmsNorm("ffn_norm"),
        FeedForward = layer.FeedForward(),
    };

    // The files call the norm before the head by the name of an embedding norm.
    protected override IPart? FinalNorm(ModelBuilder model) => model.RmsNorm("token_embd_norm");

    static ConvolutionMixer Convolution(LayerBuilder layer)
    {
        var width = layer.Model.Width;
        var input = layer.Name("shortconv.in_proj");
        layer.Model.RequireRows(input + ".weight", 3L * width);
        return new ConvolutionMixer
        {
            InputGate = layer.Model.LinearRows(input, 0, width, width),
            Gate = layer.Model.LinearRows(input, width, width, width),
            Input = layer.Model.LinearRows(input, 2 * width, width, width),
            Convolution = layer.Convolution("shortconv.conv", width),
            Output = layer.Linear("shortconv.out_proj", width, width),
        };
    }
}
