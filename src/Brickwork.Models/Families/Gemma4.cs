using Brickwork.Kernels.Activations;
using Brickwork.Kernels.Attention;
using Brickwork.Kernels.Rope;
using Brickwork.Models.Loading;
using Brickwork.Models.Parts;

namespace Brickwork.Models.Families;

/// <summary>Gemma 4: narrow heads with a window, wide ones over everything, an embedding for each layer, borrowed keys and values.</summary>
sealed class Gemma4 : Family
{
    public override string Architecture => "gemma4";

    public override string Examples => "Gemma 4 E2B, E4B, 26B A4B, 31B";

    protected override IPart Embedding(ModelBuilder model)
    {
        var tokens = new Embedding(model.Table("token_embd.weight")) { Scale = MathF.Sqrt(model.Width) };
        if (model.TryInt("embedding_length_per_layer_input") is not ({ } width and > 0))
            return tokens;
        return new PerLayerEmbedding
        {
            Tokens = tokens,
            LayerTokens = model.Tensor("per_layer_token_embd.weight", tokens.Tokens.Rows, (long)model.Layers * width),
            Project = model.Linear("per_layer_model_proj", model.Layers * width, model.Width),
            ProjectNorm = new RmsNorm(model.Values("per_layer_proj_norm.weight", width), model.Epsilon),
            LayerWidth = width,
        };
    }

    protected override IPart Block(LayerBuilder layer) => new SequentialBlock
    {
        AttentionNorm = layer.RmsNorm("attn_norm"),
        Attention = Attention(layer),
        AttentionPostNorm = layer.RmsNorm("post_attention_norm"),
        FeedForwardNorm = Gemma4Experts.Has(layer) ? null : layer.RmsNorm("ffn_norm"),
        FeedForward = Gemma4Experts.Has(layer) ? Gemma4Experts.FeedForward(layer) : layer.FeedForward(ActivationKind.GeluTanh),
        FeedForwardPostNorm = layer.RmsNorm("post_ffw_norm"),
        PerLayerInput = layer.Has("inp_gate.weight")
            ? PerLayerInput(layer, layer.Model.Int("embedding_length_per_layer_input"))
            : null,
        PerLayerInputPostNorm = layer.TryRmsNorm("post_norm"),
        OutputScale = layer.Model.TryValues(layer.Name("layer_output_scale.weight"), 1)?.Floats[0] ?? 1,
    };

    protected override IPart? Head(ModelBuilder model) =>
        new Head(OutputProjection(model)) { SoftCap = model.TryFloat("final_logit_softcapping") ?? 0 };

    static PerLayerInput PerLayerInput(LayerBuilder layer, int width) =>
        new(layer.Linear("inp_gate", width, layer.Model.Width), layer.Linear("proj", layer.Model.Width, width), layer.Index);

    static IPart Attention(LayerBuilder layer)
    {
        var (options, rope) = (Options(layer), Rope(layer));
        var firstBorrower = layer.Model.Layers - (layer.Model.TryInt("attention.shared_kv_layers") ?? 0);
        if (layer.Index >= firstBorrower)
            return Borrowing(layer, options, rope, Lender(layer, firstBorrower));
        var (keys, values) = (options.KvHeads * options.KeyWidth, options.KvHeads * options.ValueWidth);
        return new Attention
        {
            Query = layer.Linear("attn_q", options.Heads * options.KeyWidth, layer.Model.Width),
            Key = layer.Linear("attn_k", keys, layer.Model.Width),
            Value = layer.Linear(layer.Has("attn_v.weight") ? "attn_v" : "attn_k", values, layer.Model.Width),
            Output = layer.Linear("attn_output", layer.Model.Width, options.Heads * options.ValueWidth),
            QueryNorm = layer.RmsNorm("attn_q_norm", options.KeyWidth),
            KeyNorm = layer.RmsNorm("attn_k_norm", options.KeyWidth),
            ValueNorm = RmsNorm.WithoutGain(options.ValueWidth, layer.Model.Epsilon),
            Rope = rope,
            LendsAs = firstBorrower < layer.Model.Layers ? Loan(layer.Index) : null,
            Options = options,
        };
    }

    static BorrowingAttention Borrowing(LayerBuilder layer, AttentionOptions options, RopeTable rope, int lender)
    {
        foreach (var unused in (string[])["attn_k.weight", "attn_v.weight", "attn_k_norm.weight"])
            layer.Model.Ignore(layer.Name(unused));
        return new BorrowingAttention
        {
            Query = layer.Linear("attn_q", options.Heads * options.KeyWidth, layer.Model.Width),
            Output = layer.Linear("attn_output", layer.Model.Width, options.Heads * options.ValueWidth),
            QueryNorm = layer.RmsNorm("attn_q_norm", options.KeyWidth),
            Rope = rope,
            BorrowsFrom = Loan(lender),
            Options = options,
        };
    }

    static string Loan(int layer) => $"keys and values of layer {layer}";

    /// <summary>The last layer of the same kind that has keys and values of its own.</summary>
    static int Lender(LayerBuilder layer, int firstBorrower)
    {
        for (var lender = firstBorrower - 1; lender >= 0; lender--)
            if (HasWindow(layer.Model, lender) == HasWindow(layer.Model, layer.Index))
                return lender;
        throw Faults.WrongValue(layer.Model.Key("attention.shared_kv_layers"), layer.Model.Source, layer.Model.Layers - firstBorrower,
            "so few that a layer of each kind keeps its own");
    }

    static bool HasWindow(ModelBuilder model, int layer) => model.Int("attention.sliding_window_pattern", layer) != 0;

    static AttentionOptions Options(LayerBuilder layer)
    {
        var window = HasWindow(layer.Model, layer.Index);
        var keyWidth = layer.Model.Int(window ? "attention.key_length_swa" : "attention.key_length");
        var valueWidth = layer.Model.Int(window ? "attention.value_length_swa" : "attention.value_length");
        return layer.AttentionOptions(keyWidth, valueWidth) with
        {
            Scale = 1,
            Mask = window ? layer.SlidingWindow(512) : AttentionMask.Causal,
        };
    }

    /// <summary>Wide heads turn in proportion: the file's factors hold still all but their first values.</summary>
    static RopeTable Rope(LayerBuilder layer)
    {
        var model = layer.Model;
        if (!HasWindow(model, layer.Index))
            return model.Rope.Table(RopeStyle.HalfSplit);
        var frequencyBase = model.TryFloat("rope.freq_base_swa") ?? 10000;
        return model.Rope.Table(RopeStyle.HalfSplit, model.Int("rope.dimension_count_swa"), frequencyBase, scaled: false);
    }
}
