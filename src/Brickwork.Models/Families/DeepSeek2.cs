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
        return new LatentAttention
        {
            Query = layer.Has("attn_q.weight")
                ? layer.Linear("attn_q")
                : new Chain([layer.Linear("attn_q_a"), layer.RmsNorm("attn_q_a_norm"), layer.Linear("attn_q_b")]),
            Latent = layer.Linear("attn_kv_a_mqa", options.KeyWidth, layer.Model.Width),
            LatentNorm = layer.RmsNorm("attn_kv_a_norm"),
            AbsorbedKey = Heads(layer, "attn_k_b"),
            AbsorbedValue = Heads(layer, "attn_v_b"),
            Output = layer.Linear("attn_output", layer.Model.Width),
            Rope = rope,
            Options = options,
        };
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
        var width = model.TryInt("attention.key_length_mla") ?? model.Int("attention.key_length");
        var multiplier = (model.TryFloat("rope.scaling.yarn_log_multiplier") ?? 0) / 0.1;
        var sharper = 1 + 0.1 * multiplier * Math.Log(model.TryFloat("rope.scaling.factor") ?? 1);
        return (float)(sharper * sharper / Math.Sqrt(width));
    }

    static HeadwiseLinear Heads(LayerBuilder layer, string stem) =>
        new([.. Enumerable.Range(0, layer.Heads).Select(head => layer.ExpertLinear(stem, head))]);
}
