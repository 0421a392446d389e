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
        var scales = model.TryValues(layer.Name("ffn_down_exps.scale"));
        var count = model.Int("expert_count");
        if (scales is { } each && each.Shape.Count != count)
            throw Faults.WrongShape(layer.Name("ffn_down_exps.scale"), model.Source, each.Shape, new Shape(count));
        return new MixtureOfExperts
        {
            Router = new Chain([RouterNorm(layer), layer.Linear("ffn_gate_inp", count, model.Width)]),
            ExpertNorm = layer.RmsNorm("pre_ffw_norm_2"),
            Experts = [.. Enumerable.Range(0, count).Select(expert => Expert(layer, expert, scales?.Floats[expert] ?? 1))],
            Routing = new ExpertRouting { Used = model.Int("expert_used_count") },
        };
    }

    /// <summary>The router sees rows of length 1, scaled value by value.</summary>
    static RmsNorm RouterNorm(LayerBuilder layer)
    {
        var width = layer.Model.Width;
        var gain = Tensor.Zeros(width);
        layer.Model.Values(layer.Name("ffn_gate_inp.scale")).Reshape(width).Floats.CopyTo(gain.Floats);
        foreach (ref var value in gain.Floats)
            value /= MathF.Sqrt(width);
        return new RmsNorm(gain, layer.Model.Epsilon);
    }

    /// <summary>One expert, whose gate and up projections may be one tensor, the gate first.</summary>
    static FeedForward Expert(LayerBuilder layer, int expert, float scale)
    {
        var joined = layer.Has("ffn_gate_up_exps.weight");
        return new FeedForward
        {
            Gate = joined ? Half(layer, expert, 0) : layer.ExpertLinear("ffn_gate_exps", expert),
            Up = joined ? Half(layer, expert, 1) : layer.ExpertLinear("ffn_up_exps", expert),
            Down = layer.ExpertLinear("ffn_down_exps", expert) with { Scale = scale },
            Activation = ActivationKind.GeluTanh,
        };
    }

    static Linear Half(LayerBuilder layer, int expert, int which)
    {
        var name = layer.Name("ffn_gate_up_exps.weight");
        var all = layer.Model.Tensor(name);
        var outputs = all.Rows / layer.Model.Int("expert_count") / 2;
        if (all.Rows != (long)outputs * 2 * layer.Model.Int("expert_count") || all.Columns != layer.Model.Width)
            throw Faults.WrongShape(name, layer.Model.Source, all.Shape, new Shape(layer.Model.Int("expert_count"), 2 * outputs, layer.Model.Width));
        return new Linear(layer.Model.Matrix(name, all, (2 * expert + which) * outputs, outputs));
    }
}
