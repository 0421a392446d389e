using Brickwork.Kernels.Rope;
using Brickwork.Models.Loading;
using Brickwork.Models.Parts;

namespace Brickwork.Models.Families;

/// <summary>Qwen 3.5: three gated delta nets for each attention over everything, which has a gate too.</summary>
sealed class Qwen35 : Family
{
    public override string Architecture => "qwen35";

    public override string Examples => "Qwen 3.5 without experts: the text part";

    protected override IPart Block(LayerBuilder layer) => new SequentialBlock
    {
        AttentionNorm = layer.RmsNorm("attn_norm"),
        Attention = layer.Has("ssm_a") ? DeltaNet(layer) : Attention(layer),
        FeedForwardNorm = layer.RmsNorm("post_attention_norm"),
        FeedForward = layer.FeedForward(),
    };

    static GatedAttention Attention(LayerBuilder layer)
    {
        var options = layer.AttentionOptions();
        var (width, queries, keys) = (layer.Model.Width, options.Heads * options.KeyWidth, options.KvHeads * options.KeyWidth);
        return new GatedAttention
        {
            QueryAndGate = layer.Linear("attn_q", 2 * queries, width),
            Key = layer.Linear("attn_k", keys, width),
            Value = layer.Linear("attn_v", keys, width),
            Output = layer.Linear("attn_output", width, queries),
            QueryNorm = layer.RmsNorm("attn_q_norm", options.KeyWidth),
            KeyNorm = layer.RmsNorm("attn_k_norm", options.KeyWidth),
            // In text all sections of the rotation count the same positions, so that it is the plain one.
            Rope = layer.Model.Rope.Table(RopeStyle.HalfSplit),
            Options = options,
        };
    }

    static GatedDeltaNet DeltaNet(LayerBuilder layer)
    {
        var model = layer.Model;
        var (values, keyWidth) = (model.Int("ssm.inner_size"), model.Int("ssm.state_size"));
        var (heads, keyHeads) = (model.Int("ssm.time_step_rank"), model.Int("ssm.group_count"));
        layer.RequireDivisor("ssm.time_step_rank", heads, values);
        layer.RequireDivisor("ssm.group_count", keyHeads, heads);
        var mixed = 2 * keyHeads * keyWidth + values;
        return new GatedDeltaNet
        {
            Input = layer.Linear("attn_qkv", mixed, model.Width),
            Gate = layer.Linear("attn_gate", values, model.Width),
            TimeStep = layer.Linear("ssm_alpha", heads, model.Width) with { Bias = model.Values(layer.Name("ssm_dt.bias"), heads) },
            Rate = layer.Linear("ssm_beta", heads, model.Width),
            Convolution = layer.Convolution("ssm_conv1d", mixed),
            Norm = new RmsNorm(model.Values(layer.Name("ssm_norm.weight"), values / heads), model.Epsilon),
            Output = layer.Linear("ssm_out", model.Width, values),
            Decay = model.Values(layer.Name("ssm_a"), heads),
            KeyHeads = keyHeads,
            KeyWidth = keyWidth,
            ValueWidth = values / heads,
            Epsilon = model.Epsilon,
        };
    }
}
