using Brickwork.Models.Loading;
using Brickwork.Models.Parts;

namespace Brickwork.Models.Families;

/// <summary>Mamba 2 and Codestral Mamba: state spaces with heads.</summary>
sealed class Mamba2 : Family
{
    public override string Architecture => "mamba2";

    public override string Examples => "Mamba 2, Codestral Mamba";

    protected override IPart Block(LayerBuilder layer) => new SequentialBlock
    {
        AttentionNorm = layer.RmsNorm("attn_norm"),
        Attention = Mixer(layer),
    };

    /// <summary>The mixer over <c>ssm_*</c>; one tensor holds gate, values with keys, and time step.</summary>
    public static Mamba2Mixer Mixer(LayerBuilder layer)
    {
        var model = layer.Model;
        var (channels, keys) = (model.Int("ssm.inner_size"), model.Int("ssm.state_size"));
        var (heads, groups) = (model.Int("ssm.time_step_rank"), model.Int("ssm.group_count"));
        layer.RequireDivisor("ssm.time_step_rank", heads, channels);
        layer.RequireDivisor("ssm.group_count", groups, heads);
        var mixed = channels + 2 * groups * keys;
        var input = layer.Name("ssm_in");
        model.RequireRows(input + ".weight", (long)channels + mixed + heads);
        return new Mamba2Mixer
        {
            Gate = model.LinearRows(input, 0, channels, model.Width),
            Input = model.LinearRows(input, channels, mixed, model.Width),
            TimeStep = model.LinearRows(input, channels + mixed, heads, model.Width) with
            {
                Bias = model.Values(layer.Name("ssm_dt.bias"), heads),
            },
            Convolution = layer.Convolution("ssm_conv1d", mixed),
            Norm = layer.Has("ssm_norm.weight")
                ? new RmsNorm(model.Values(layer.Name("ssm_norm.weight"), groups, channels / groups), model.Epsilon)
                : null,
            Output = layer.Linear("ssm_out", model.Width, channels),
            Decay = model.Values(layer.Name("ssm_a"), heads, 1),
            Skip = model.Values(layer.Name("ssm_d"), heads, 1),
            Groups = groups,
            KeyWidth = keys,
            ValueWidth = channels / heads,
        };
    }
}
