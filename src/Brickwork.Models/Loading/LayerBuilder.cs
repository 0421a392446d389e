using Brickwork.Kernels.Activations;
using Brickwork.Kernels.Attention;
using Brickwork.Kernels.Rope;
using Brickwork.Models.Parts;

namespace Brickwork.Models.Loading;

/// <summary>The tensors of one layer, <c>blk.N.*</c>, and the parts most families make of them.</summary>
sealed class LayerBuilder(ModelBuilder model, int index)
{
    public ModelBuilder Model => model;

    public int Index => index;

    public string Name(string name) => $"blk.{index}.{name}";

    public bool Has(string name) => model.Has(Name(name));

    public int Heads => model.Int("attention.head_count", index);

    public int KvHeads => model.TryInt("attention.head_count_kv", index) ?? Heads;

    public int KeyWidth => model.TryInt("attention.key_length") ?? model.Width / Math.Max(1, Heads);

    public int ValueWidth => model.TryInt("attention.value_length") ?? model.Width / Math.Max(1, Heads);

    public Linear Linear(string stem, int? outputs = null, int? inputs = null) => model.Linear(Name(stem), outputs, inputs);

    public RmsNorm RmsNorm(string stem) => model.RmsNorm(Name(stem));

    public RmsNorm? TryRmsNorm(string stem) => Has(stem + ".weight") ? RmsNorm(stem) : null;

    public LayerNorm LayerNorm(string stem) => model.LayerNorm(Name(stem));

    public LayerNorm? TryLayerNorm(string stem) => Has(stem + ".weight") ? LayerNorm(stem) : null;

    /// <summary>A convolution over the last rows of <paramref name="channels"/> channels.</summary>
    public ShortConvolution Convolution(string stem, int channels)
    {
        var kernel = model.Values(Name(stem + ".weight"));
        if (kernel.Shape.Rank != 2 || kernel.Rows != channels || kernel.Columns < 2)
            throw Faults.WrongShape(Name(stem + ".weight"), model.Source, kernel.Shape, new Shape(channels, Math.Max(2, kernel.Columns)));
        return new ShortConvolution(kernel, Has(stem + ".bias") ? model.Tensor(Name(stem + ".bias"), channels) : null);
    }

    /// <summary>Checks that a number of the file cuts another into equal parts.</summary>
    public void RequireDivisor(string key, int divisor, int whole)
    {
        if (divisor < 1 || whole % divisor != 0)
            throw Faults.WrongValue(model.Key(key), model.Source, divisor, $"a divisor of {whole}");
    }

    /// <summary>Attention over <c>attn_q/k/v/output</c> or a fused <c>attn_qkv</c>; norms of queries and keys where the file has them.</summary>
    public Attention Attention(RopeTable? rope, AttentionOptions? options = null)
    {
        options ??= AttentionOptions();
        var (query, key, value) = Projections(options);
        return new Attention
        {
            Query = query,
            Key = key,
            Value = value,
            Output = Linear("attn_output", model.Width, options.Heads * options.ValueWidth),
            QueryNorm = TryRmsNorm("attn_q_norm"),
            KeyNorm = TryRmsNorm("attn_k_norm"),
            Rope = rope,
            Options = options,
        };
    }

    /// <summary>The sizes of this layer's attention, causal, scaled by 1/√K.</summary>
    public AttentionOptions AttentionOptions() => new()
    {
        Heads = Checked("attention.head_count", Heads),
        KvHeads = Checked("attention.head_count_kv", KvHeads),
        KeyWidth = Checked("attention.key_length", KeyWidth),
        ValueWidth = Checked("attention.value_length", ValueWidth),
        Scale = model.TryFloat("attention.scale") ?? 1 / MathF.Sqrt(KeyWidth),
    };

    // Far beyond what is published; products of two such numbers still are whole numbers of 32 bits.
    int Checked(string name, int size) => size is > 0 and <= 1 << 14 ? size : throw Faults.WrongValue(model.Key(name), model.Source, size, $"1 to {1 << 14}");

    /// <summary>A token sees itself and the n − 1 before it; n as the file says.</summary>
    public AttentionMask SlidingWindow(int otherwise)
    {
        var width = model.TryInt("attention.sliding_window") ?? otherwise;
        return width > 0 ? AttentionMask.SlidingWindow(width) : throw Faults.WrongValue(model.Key("attention.sliding_window"), model.Source, width, "1 or more");
    }

    /// <summary>Queries, keys and values: three tensors, or one that holds them one after the other.</summary>
    (Linear Query, Linear Key, Linear Value) Projections(AttentionOptions options)
    {
        var (queries, keys, values) = (options.Heads * options.KeyWidth, options.KvHeads * options.KeyWidth, options.KvHeads * options.ValueWidth);
        if (!Has("attn_qkv.weight"))
            return (Linear("attn_q", queries, model.Width), Linear("attn_k", keys, model.Width), Linear("attn_v", values, model.Width));
        var fused = Name("attn_qkv");
        return (model.LinearRows(fused, 0, queries, model.Width),
            model.LinearRows(fused, queries, keys, model.Width),
            model.LinearRows(fused, queries + keys, values, model.Width));
    }

    /// <summary>A gated feed-forward part, or one without gate where the file has none.</summary>
    public FeedForward FeedForward(ActivationKind activation = ActivationKind.Silu, string suffix = "") => new()
    {
        Gate = Has($"ffn_gate{suffix}.weight") ? Linear($"ffn_gate{suffix}") : null,
        Up = Linear($"ffn_up{suffix}"),
        Down = Linear($"ffn_down{suffix}"),
        Activation = activation,
    };

    /// <summary>A gated feed-forward part whose gate and up projections are one tensor, the gate first.</summary>
    public FeedForward FusedFeedForward(ActivationKind activation = ActivationKind.Silu)
    {
        var half = model.Tensor(Name("ffn_up.weight")).Rows / 2;
        return new FeedForward
        {
            Gate = model.LinearRows(Name("ffn_up"), 0, half, model.Width),
            Up = model.LinearRows(Name("ffn_up"), half, half, model.Width),
            Down = Linear("ffn_down", model.Width, half),
            Activation = activation,
        };
    }

    /// <summary>A mixture of experts over <c>ffn_*_exps</c> with softmax routing.</summary>
    public MixtureOfExperts Experts(ExpertRouting? routing = null, ActivationKind activation = ActivationKind.Silu) => new()
    {
        Router = Linear("ffn_gate_inp"),
        Experts = [.. Enumerable.Range(0, model.Int("expert_count")).Select(expert => Expert(expert, activation))],
        Routing = routing ?? new ExpertRouting { Used = model.Int("expert_used_count") },
        Shared = Has("ffn_up_shexp.weight") ? FeedForward(activation, "_shexp") : null,
        SharedGate = Has("ffn_gate_inp_shexp.weight") ? Linear("ffn_gate_inp_shexp") : null,
    };

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
        ChoiceBias = model.TryValues(Name("exp_probs_b.bias")),
        Groups = model.TryInt("expert_group_count") ?? 1,
        UsedGroups = model.TryInt("expert_group_used_count") ?? 1,
    };

    FeedForward Expert(int expert, ActivationKind activation) => new()
    {
        Gate = Has("ffn_gate_exps.weight") ? ExpertLinear("ffn_gate_exps", expert) : null,
        Up = ExpertLinear("ffn_up_exps", expert),
        Down = ExpertLinear("ffn_down_exps", expert),
        Activation = activation,
    };

    /// <summary>The slice of one expert from a tensor [E, out, in] that holds all of them.</summary>
    public Linear ExpertLinear(string stem, int expert)
    {
        var name = Name(stem + ".weight");
        var all = model.Tensor(name);
        if (all.Shape.Rank != 3 || expert >= all.Shape[0])
            throw Faults.WrongShape(name, model.Source, all.Shape, new Shape(model.Int("expert_count"), all.Rows, all.Columns));
        var outputs = (int)all.Shape[1];
        var bias = model.TryValues(Name(stem + ".bias"));
        return new Linear(model.Matrix(name, all, expert * outputs, outputs)) { Bias = bias?.SliceRows(expert, 1).Reshape(outputs) };
    }
}
