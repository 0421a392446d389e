using Brickwork.Kernels.Activations;
using Brickwork.Models.Loading;
using Brickwork.Models.Parts;

namespace Brickwork.Models.Families;

/// <summary>RWKV 7 "Goose": a recurrent network without attention.</summary>
sealed class Rwkv7 : Family
{
    /// <summary>Of the norm within heads, as published.</summary>
    const float HeadEpsilon = 64e-5f;

    /// <summary>What receptance, decay, key, value, rate and gate see of a row and the one before it.</summary>
    const int Mixes = 6;

    public override string Architecture => "rwkv7";

    public override string Examples => "RWKV 7 Goose";

    protected override IPart Embedding(ModelBuilder model) =>
        new Embedding(model.Table("token_embd.weight")) { Norm = model.LayerNorm("token_embd_norm") };

    protected override IPart? FinalNorm(ModelBuilder model) => model.LayerNorm("output_norm");

    protected override IPart Block(LayerBuilder layer) => new SequentialBlock
    {
        AttentionNorm = layer.LayerNorm("attn_norm"),
        Attention = TimeMix(layer),
        FeedForwardNorm = layer.LayerNorm("attn_norm_2"),
        FeedForward = new Chain(
        [
            new TokenShift(Vector(layer, "channel_mix_lerp_k.weight")),
            new FeedForward
            {
                Up = layer.Linear("channel_mix_key", inputs: layer.Model.Width),
                Down = layer.Linear("channel_mix_value", layer.Model.Width),
                Activation = ActivationKind.ReluSquared,
            },
        ]),
    };

    static Rwkv7TimeMix TimeMix(LayerBuilder layer)
    {
        var (model, width, headWidth) = (layer.Model, layer.Model.Width, layer.Model.Int("wkv.head_size"));
        layer.RequireDivisor("wkv.head_size", headWidth, width);
        return new Rwkv7TimeMix
        {
            Shift = new TokenShift(model.Values(layer.Name("time_mix_lerp_fused.weight"), Mixes, width)),
            Receptance = layer.Linear("time_mix_receptance", width, width),
            Decay = LowRank(layer, 'w', ActivationKind.Tanh),
            Key = layer.Linear("time_mix_key", width, width),
            Value = layer.Linear("time_mix_value", width, width),
            ValueMix = ValueMix(layer),
            Rate = LowRank(layer, 'a', ActivationKind.Identity),
            Gate = LowRank(layer, 'g', ActivationKind.Sigmoid),
            Output = layer.Linear("time_mix_output", width, width),
            Norm = HeadNorm(layer, headWidth),
            RemovalScale = Vector(layer, "time_mix_k_k.weight"),
            RateScale = Vector(layer, "time_mix_k_a.weight"),
            Bonus = Vector(layer, "time_mix_r_k.weight"),
            HeadWidth = headWidth,
        };
    }

    static LayerNorm HeadNorm(LayerBuilder layer, int headWidth)
    {
        var gain = Vector(layer, "time_mix_ln.weight");
        var bias = Vector(layer, "time_mix_ln.bias");
        return new LayerNorm(gain.Reshape(gain.Columns / headWidth, headWidth), bias, HeadEpsilon);
    }

    /// <summary>The first layer has nothing to mix in, though files hold matrices for it.</summary>
    static FeedForward? ValueMix(LayerBuilder layer)
    {
        if (layer.Index > 0)
            return LowRank(layer, 'v', ActivationKind.Identity);
        for (var part = 0; part < 3; part++)
            layer.Model.Ignore(layer.Name($"time_mix_v{part}.weight"));
        return null;
    }

    /// <summary>x2·act(x1·x) + x0.</summary>
    static FeedForward LowRank(LayerBuilder layer, char name, ActivationKind activation) => new()
    {
        Up = layer.Linear($"time_mix_{name}1", inputs: layer.Model.Width),
        Down = layer.Linear($"time_mix_{name}2", layer.Model.Width) with
        {
            Bias = layer.Has($"time_mix_{name}0.weight") ? Vector(layer, $"time_mix_{name}0.weight") : null,
        },
        Activation = activation,
    };

    static Tensor Vector(LayerBuilder layer, string name)
    {
        var values = layer.Model.Values(layer.Name(name));
        return values.Shape.Count == layer.Model.Width ? values.Reshape(layer.Model.Width)
            : throw Faults.WrongShape(layer.Name(name), layer.Model.Source, values.Shape, layer.Model.Width);
    }
}
