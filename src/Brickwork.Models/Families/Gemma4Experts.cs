using Brickwork.Kernels.Activations;
using Brickwork.Models.Loading;
using Brickwork.Models.Parts;

namespace Brickwork.Models.Families;

/// <summary>The feed-forward part of Gemma 4 with experts: a dense part and a mixture side by side, each between norms of its own.</summary>
static class Gemma4Experts
{
    public static bool Has(LayerBuilder layer) => layer.Has("ffn_gate_inp.weight");

    public static Sum FeedForward(LayerBuilder layer) => new(
    [
        new Chain([layer.RmsNorm("ffn_norm"), layer.FeedForward(ActivationKind.GeluTanh), layer.RmsNorm("post_ffw_norm_1")]),
        new Chain([Mixture(layer), layer.RmsNorm("post_ffw_norm_2")]),
    ]);

    static MixtureOfExperts Mixture(LayerBuilder layer)
    {
        var model = layer.Model;
        var count = model.Int("expert_count");
        var scales = model.TryValues(layer.Name("ffn_down_exps.scale"), count);
        return new MixtureOfExperts
        {
            Router = new Chain([RouterNorm(layer), layer.Linear("ffn_gate_inp", count, model.Width)]),
            ExpertNorm = layer.RmsNorm("pre_ffw_norm_2"),
            Experts = [.. Enumerable.Range(0, count).Select(expert => Expert(layer, expert, scales?.Floats[expert] ?? 1))],
            Routing = layer.Checked(new ExpertRouting { Used = model.Int("expert_used_count") }, count),
        };
    }

    /// <summary>The router sees rows of length 1, scaled value by value.</summary>
    static RmsNorm RouterNorm(LayerBuilder layer)
    {
        var width = layer.Model.Width;
        var gain = Tensor.Zeros(width);
        layer.Model.Values(layer.Name("ffn_gate_inp.scale"), width).Floats.CopyTo(gain.Floats);
        foreach (ref var value in gain.Floats)
            value /= MathF.Sqrt(width);
        return new RmsNorm(gain, layer.Model.Epsilon);
    }

    /// <summary>One expert, whose gate and up projections may be one tensor, the gate first.</summary>
    static FeedForward Expert(LayerBuilder layer, int expert, float scale)
    {
        var (joined, width) = (layer.Has("ffn_gate_up_exps.weight"), layer.Model.Width);
        var up = joined ? Half(layer, expert, 1) : layer.ExpertLinear("ffn_up_exps", expert, null, width);
        return new FeedForward
        {
            Gate = joined ? Half(layer, expert, 0) : layer.ExpertLinear("ffn_gate_exps", expert, up.Weight.Rows, width),
            Up = up,
            Down = layer.ExpertLinear("ffn_down_exps", expert, width, up.Weight.Rows) with { Scale = scale },
            Activation = ActivationKind.GeluTanh,
        };
    }

    static Linear Half(LayerBuilder layer, int expert, int which)
    {
        var name = layer.Name("ffn_gate_up_exps.weight");
        var all = layer.Model.Tensor(name);
        var count = layer.Model.Int("expert_count");
        var outputs = Math.Max(1, all.Rows / count / 2);
        if (all.Rows != 2L * outputs * count || all.Columns != layer.Model.Width)
            throw Faults.WrongShape(name, layer.Model.Source, all.Shape, count, 2 * outputs, layer.Model.Width);
        return layer.Model.Linear(name, all, (2 * expert + which) * outputs, outputs);
    }
}
