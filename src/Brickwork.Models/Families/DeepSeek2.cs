using Brickwork.Kernels.Attention;
using Brickwork.Kernels.Rope;
using Brickwork.Models.HuggingFace;
using Brickwork.Models.Loading;
using Brickwork.Models.Parts;

namespace Brickwork.Models.Families;

/// <summary>DeepSeek 2 and 3: latent attention, a few dense layers, then experts with a shared one.</summary>
sealed class DeepSeek2 : Family
{
    public override string Architecture => "deepseek2";

    public override string Examples => "DeepSeek V2, V3, R1";

    public override IReadOnlyList<HuggingFaceMap> HuggingFace { get; } =
    [
        new("deepseek_v3", "DeepseekV3ForCausalLM")
        {
            Fits = model => model.TryInt("expert_gating_func") == 2,
            Settings = [.. DeepSeekNames.Settings("sigmoid", "noaux_tc")],
            Tensors = DeepSeekNames.Tensors,
            HasTrainingLayers = true,
        },
        new("deepseek_v2", "DeepseekV2ForCausalLM")
        {
            Settings = [.. DeepSeekNames.Settings("softmax", "greedy")],
            Tensors = DeepSeekNames.Tensors,
        },
    ];

    protected override IPart Block(LayerBuilder layer) => new SequentialBlock
    {
        AttentionNorm = layer.RmsNorm("attn_norm"),
        Attention = Attention(layer),
        FeedForwardNorm = layer.RmsNorm("ffn_norm"),
        FeedForward = layer.Has("ffn_gate_inp.weight") ? layer.Experts(layer.Routing()) : layer.FeedForward(),
    };

    static LatentAttention Attention(LayerBuilder layer)
    {
        var rope = layer.Model.Rope.Table(RopeStyle.AdjacentPairs);
        var options = Options(layer);
        var (heads, latent, width) = (options.Heads, options.ValueWidth, layer.Model.Width);
        var still = QueryWidth(layer.Model) - rope.Width;
        var values = layer.Model.TrySize("attention.value_length_mla") ?? layer.ValueWidth;
        return new LatentAttention
        {
            Query = Query(layer, heads * QueryWidth(layer.Model)),
            Latent = layer.Linear("attn_kv_a_mqa", options.KeyWidth, width),
            LatentNorm = layer.RmsNorm("attn_kv_a_norm", latent),
            AbsorbedKey = Heads(layer, "attn_k_b", heads, latent, still),
            AbsorbedValue = Heads(layer, "attn_v_b", heads, values, latent),
            Output = layer.Linear("attn_output", width, heads * values),
            Rope = rope,
            Options = options,
        };
    }

    /// <summary>One matrix, or two of low rank with a norm between them.</summary>
    static IPart Query(LayerBuilder layer, int queries)
    {
        if (layer.Has("attn_q.weight"))
            return layer.Linear("attn_q", queries, layer.Model.Width);
        var rank = layer.Model.Int("attention.q_lora_rank");
        return new Chain([layer.Linear("attn_q_a", rank, layer.Model.Width), layer.RmsNorm("attn_q_a_norm", rank), layer.Linear("attn_q_b", queries, rank)]);
    }

    static AttentionOptions Options(LayerBuilder layer)
    {
        var latent = layer.Model.Int("attention.kv_lora_rank");
        return layer.AttentionOptions() with
        {
            KvHeads = 1,
            KeyWidth = latent + layer.Model.Int("rope.dimension_count"),
            ValueWidth = latent,
            Scale = Scale(layer.Model),
        };
    }

    /// <summary>1/√(N+R), sharpened where the context is stretched. Files hold the multiplier of YaRN's logarithm times 0.1.</summary>
    static float Scale(ModelBuilder model)
    {
        var multiplier = (model.TryFloat("rope.scaling.yarn_log_multiplier") ?? 0) / 0.1;
        var sharper = 1 + 0.1 * multiplier * Math.Log(model.TryFloat("rope.scaling.factor") ?? 1);
        return (float)(sharper * sharper / Math.Sqrt(QueryWidth(model)));
    }

    /// <summary>N + R.</summary>
    static int QueryWidth(ModelBuilder model) => model.TrySize("attention.key_length_mla") ?? model.Int("attention.key_length");

    static HeadwiseLinear Heads(LayerBuilder layer, string stem, int heads, int outputs, int inputs) =>
        new([.. Enumerable.Range(0, heads).Select(head => layer.SliceLinear(stem, head, heads, outputs, inputs))]);
}
