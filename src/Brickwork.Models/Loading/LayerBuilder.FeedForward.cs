using Brickwork.Kernels.Activations;
using Brickwork.Models.Parts;

namespace Brickwork.Models.Loading;

/// <summary>The parts of a layer that work on each token by itself.</summary>
sealed partial class LayerBuilder
{
    /// <summary>A gated feed-forward part.</summary>
    public FeedForward FeedForward(ActivationKind activation = ActivationKind.Silu, string suffix = "")
    {
        var up = Linear($"ffn_up{suffix}", suffix.Length == 0 ? DenseWidth : null, model.Width);
        return new FeedForward
        {
            Gate = Linear($"ffn_gate{suffix}", up.Weight.Rows, model.Width),
            Up = up,
            Down = Linear($"ffn_down{suffix}", model.Width, up.Weight.Rows),
            Activation = activation,
        };
    }

    /// <summary>A feed-forward part without gate.</summary>
    public FeedForward PlainFeedForward(ActivationKind activation)
    {
        var up = Linear("ffn_up", DenseWidth, model.Width);
        return new FeedForward { Up = up, Down = Linear("ffn_down", model.Width, up.Weight.Rows), Activation = activation };
    }

    /// <summary>A gated feed-forward part whose gate and up projections are one tensor, the gate first.</summary>
    public FeedForward FusedFeedForward(ActivationKind activation = ActivationKind.Silu)
    {
        var half = model.Tensor(Name("ffn_up.weight")).Rows / 2;
        model.RequireRows(Name("ffn_up.weight"), 2L * Math.Max(1, half));
        return new FeedForward
        {
            Gate = model.LinearRows(Name("ffn_up"), 0, half, model.Width),
            Up = model.LinearRows(Name("ffn_up"), half, half, model.Width),
            Down = Linear("ffn_down", model.Width, half),
            Activation = activation,
        };
    }

    /// <summary>A mixture of experts over <c>ffn_*_exps</c> with softmax routing.</summary>
    public MixtureOfExperts Experts(ExpertRouting? routing = null, ActivationKind activation = ActivationKind.Silu)
    {
        var count = model.Int("expert_count");
        return new MixtureOfExperts
        {
            Router = Linear("ffn_gate_inp", count, model.Width),
            Experts = [.. Enumerable.Range(0, count).Select(expert => Expert(expert, activation))],
            Routing = Checked(routing ?? new ExpertRouting { Used = model.Int("expert_used_count") }, count),
            Shared = Has("ffn_up_shexp.weight") ? FeedForward(activation, "_shexp") : null,
            SharedGate = Has("ffn_gate_inp_shexp.weight") ? Linear("ffn_gate_inp_shexp", 1, model.Width) : null,
        };
    }

    /// <summary>Routing as the file's keys describe it: gate, scale, normalisation, groups, and a bias for choosing.</summary>
    public ExpertRouting Routing() => new()
    {
        Used = model.Int("expert_used_count"),
        Gate = model.TryInt("expert_gating_func") switch
        {
            null or 0 or 1 => ExpertGate.Softmax,
            2 => ExpertGate.Sigmoid,
            3 => ExpertGate.SoftmaxOfChosen,
            { } other => throw Faults.WrongValue(model.Key("expert_gating_func"), model.Source, other, "1 (softmax), 2 (sigmoid) or 3 (softmax of the chosen)"),
        },
        Normalize = model.TryBool("expert_weights_norm") ?? false,
        Scale = model.TryFloat("expert_weights_scale") is { } scale and not 0 ? scale : 1,
        ChoiceBias = model.TryValues(Name("exp_probs_b.bias"), model.Int("expert_count")),
        Groups = model.TryInt("expert_group_count") is > 0 and var groups ? groups : 1,
        UsedGroups = model.TryInt("expert_group_used_count") is > 0 and var used ? used : 1,
    };

    /// <summary>Hidden values of the feed-forward parts without experts, where the file says so.</summary>
    int? DenseWidth => model.TryInt("feed_forward_length", index) is > 0 and var width ? width : null;

    /// <summary>Routing that this many experts allow.</summary>
    public ExpertRouting Checked(ExpertRouting routing, int experts)
    {
        model.Within("expert_used_count", routing.Used, 1, experts);
        model.Divisor("expert_group_count", routing.Groups, experts);
        model.Within("expert_group_used_count", routing.UsedGroups, 1, routing.Groups);
        // The best of the groups chosen from must be enough.
        if (routing.Groups > 1)
            model.Within("expert_used_count", routing.Used, 1, experts / routing.Groups * routing.UsedGroups);
        return routing;
    }

    FeedForward Expert(int expert, ActivationKind activation)
    {
        var up = ExpertLinear("ffn_up_exps", expert, null, model.Width);
        return new FeedForward
        {
            Gate = ExpertLinear("ffn_gate_exps", expert, up.Weight.Rows, model.Width),
            Up = up,
            Down = ExpertLinear("ffn_down_exps", expert, model.Width, up.Weight.Rows),
            Activation = activation,
        };
    }

    /// <summary>The matrix of one expert; null = as many outputs as the tensor has.</summary>
    public Linear ExpertLinear(string stem, int expert, int? outputs, int? inputs) => SliceLinear(stem, expert, model.Int("expert_count"), outputs, inputs);

    /// <summary>Slice <paramref name="index"/> of a tensor [<paramref name="count"/>, out, in] that holds the matrices of all experts, or of all heads.</summary>
    public Linear SliceLinear(string stem, int index, int count, int? outputs, int? inputs)
    {
        var name = Name(stem + ".weight");
        var all = model.Tensor(name);
        if (all.Shape.Rank != 3 || all.Shape[0] != count || all.Shape[1] < 1 || all.Shape[1] != (outputs ?? all.Shape[1]) || all.Columns != (inputs ?? all.Columns))
            throw Faults.WrongShape(name, model.Source, all.Shape, count, outputs ?? all.Rows / count, inputs ?? all.Columns);
        var rows = (int)all.Shape[1];
        var bias = model.TryValues(Name(stem + ".bias"), count, rows);
        return model.Linear(name, all, index * rows, rows) with { Bias = bias?.SliceRows(index, 1).Reshape(rows) };
    }
}
