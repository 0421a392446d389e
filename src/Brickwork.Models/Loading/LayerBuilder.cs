using Brickwork.Kernels.Attention;
using Brickwork.Kernels.Rope;
using Brickwork.Models.Parts;

namespace Brickwork.Models.Loading;

/// <summary>The tensors of one layer, <c>blk.N.*</c>, and the parts most families make of them.</summary>
sealed partial class LayerBuilder(ModelBuilder model, int index)
{
    // What a row of queries may hold; its length is an int everywhere.
    const int MostHeadValues = int.MaxValue;

    public ModelBuilder Model => model;

    public int Index => index;

    public string Name(string name) => $"blk.{index}.{name}";

    public bool Has(string name) => model.Has(Name(name));

    /// <summary>The same for a tensor that all layers of a kind have, or none.</summary>
    bool HasInLayer(string name) => model.HasInLayer(Name(name));

    /// <summary>Query heads; 0 where the layer has no attention.</summary>
    public int Heads => model.Int("attention.head_count", index);

    /// <summary>Heads that keep keys and values; 0 where the layer has no attention.</summary>
    public int KvHeads => model.TryInt("attention.head_count_kv", index) ?? Heads;

    public int KeyWidth => model.TrySize("attention.key_length") ?? HeadWidth;

    public int ValueWidth => model.TrySize("attention.value_length") ?? HeadWidth;

    int HeadWidth => model.Width / model.Divisor("attention.head_count", Heads, model.Width);

    public Linear Linear(string stem, int? outputs = null, int? inputs = null) => model.Linear(Name(stem), outputs, inputs);

    /// <summary>A norm of rows of <paramref name="width"/> values; null = the model's width.</summary>
    public RmsNorm RmsNorm(string stem, int? width = null) => model.RmsNorm(Name(stem), width);

    public RmsNorm? TryRmsNorm(string stem, int? width = null) => HasInLayer(stem + ".weight") ? RmsNorm(stem, width) : null;

    public LayerNorm LayerNorm(string stem) => model.LayerNorm(Name(stem));

    public LayerNorm? TryLayerNorm(string stem) => HasInLayer(stem + ".weight") ? LayerNorm(stem) : null;

    /// <summary>A convolution over the last rows of <paramref name="channels"/> channels.</summary>
    public ShortConvolution Convolution(string stem, int channels)
    {
        var kernel = model.Values(Name(stem + ".weight"));
        if (kernel.Shape.Rank != 2 || kernel.Rows != channels || kernel.Columns < 2)
            throw Faults.WrongShape(Name(stem + ".weight"), model.Source, kernel.Shape, channels, Math.Max(2, kernel.Columns));
        return new ShortConvolution(kernel, model.TryValues(Name(stem + ".bias"), channels));
    }

    /// <summary>Checks that a number of the file cuts another into equal parts.</summary>
    public void RequireDivisor(string key, int divisor, int whole) => model.Divisor(key, divisor, whole);

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
            QueryNorm = TryHeadNorm("attn_q_norm", options.Heads, options.KeyWidth),
            KeyNorm = TryHeadNorm("attn_k_norm", options.KvHeads, options.KeyWidth),
            Rope = Fitting(rope, options.KeyWidth),
            Options = options,
        };
    }

    /// <summary>The sizes of this layer's attention, causal, scaled by 1/√K.</summary>
    public AttentionOptions AttentionOptions() => AttentionOptions(KeyWidth, ValueWidth);

    /// <summary>The same with heads of other widths than the file's usual ones.</summary>
    public AttentionOptions AttentionOptions(int keyWidth, int valueWidth)
    {
        var heads = model.Within("attention.head_count", Heads, 1, MostHeadValues / Math.Max(keyWidth, valueWidth));
        return new AttentionOptions
        {
            Heads = heads,
            KvHeads = model.Divisor("attention.head_count_kv", KvHeads, heads),
            KeyWidth = keyWidth,
            ValueWidth = valueWidth,
            Scale = model.TryFloat("attention.scale") ?? 1 / MathF.Sqrt(keyWidth),
        };
    }

    /// <summary>A norm of queries or keys: one gain for all heads, or gains for the whole row.</summary>
    RmsNorm? TryHeadNorm(string stem, int heads, int width)
    {
        if (!HasInLayer(stem + ".weight"))
            return null;
        var ofRow = model.Tensor(Name(stem + ".weight")).Shape.Count == (long)heads * width;
        return RmsNorm(stem, ofRow ? heads * width : width);
    }

    /// <summary>The same with a mean, each head by itself with gains of its own.</summary>
    public LayerNorm? TryHeadLayerNorm(string stem, int heads) => HasInLayer(stem + ".weight")
        ? new LayerNorm(model.Values(Name(stem + ".weight"), heads, KeyWidth), model.TryValues(Name(stem + ".bias"), heads, KeyWidth), model.LayerEpsilon)
        : null;

    /// <summary>A rotation that turns no more values than a head has.</summary>
    RopeTable? Fitting(RopeTable? rope, int width)
    {
        if (rope is not null)
            model.Within("rope.dimension_count", rope.Width, 2, width);
        return rope;
    }

    /// <summary>A token sees itself and the n − 1 before it; n as the file says.</summary>
    public AttentionMask SlidingWindow(int otherwise) => AttentionMask.SlidingWindow(Window(otherwise));

    /// <summary>Tokens that a window holds.</summary>
    public int Window(int otherwise) => model.TryInt("attention.sliding_window") is { } window
        ? model.Within("attention.sliding_window", window, 1, int.MaxValue)
        : otherwise;

    /// <summary>Queries, keys and values: three tensors, or one that holds them one after the other.</summary>
    (Linear Query, Linear Key, Linear Value) Projections(AttentionOptions options)
    {
        var (queries, keys, values) = (options.Heads * options.KeyWidth, options.KvHeads * options.KeyWidth, options.KvHeads * options.ValueWidth);
        if (!Has("attn_qkv.weight"))
            return (Linear("attn_q", queries, model.Width), Linear("attn_k", keys, model.Width), Linear("attn_v", values, model.Width));
        var fused = Name("attn_qkv");
        model.RequireRows(fused + ".weight", (long)queries + keys + values);
        return (model.LinearRows(fused, 0, queries, model.Width),
            model.LinearRows(fused, queries, keys, model.Width),
            model.LinearRows(fused, queries + keys, values, model.Width));
    }
}
