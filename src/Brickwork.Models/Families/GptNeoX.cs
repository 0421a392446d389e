using Brickwork.Kernels.Activations;
using Brickwork.Kernels.Rope;
using Brickwork.Models.HuggingFace;
using Brickwork.Models.HuggingFace.Settings;
using Brickwork.Models.HuggingFace.Transforms;
using Brickwork.Models.Loading;
using Brickwork.Models.Parts;

namespace Brickwork.Models.Families;

/// <summary>GPT-NeoX and Pythia: both halves of a layer see the same input, each through a norm of its own.</summary>
sealed class GptNeoX : Family
{
    public override string Architecture => "gptneox";

    public override string Examples => "GPT-NeoX, Pythia";

    public override IReadOnlyList<HuggingFaceMap> HuggingFace { get; } =
    [
        new("gpt_neox", "GPTNeoXForCausalLM")
        {
            Prefix = "gpt_neox.",
            Ignored = ["*.attention.bias", "*.attention.masked_bias"],
            Settings =
            [
                .. Decoders.Sizes,
                new HeadWidth { Name = null, Partial = "rotary_pct", DefaultPartial = 0.25 },
                new Rope { Base = "rotary_emb_base" },
                new Real("layer_norm_eps", "attention.layer_norm_epsilon") { Default = 1e-5 },
                new Flag("use_parallel_residual", "use_parallel_residual") { Default = true },
                Fixed.Gelu("hidden_act", "gelu"),
                new Tie(),
            ],
            Tensors =
            [
                new("token_embd.weight", "gpt_neox.embed_in.weight"),
                new("output_norm.*", "gpt_neox.final_layer_norm.*"),
                new("output.weight", "embed_out.weight"),
                new("blk.{n}.attn_norm.*", "gpt_neox.layers.{n}.input_layernorm.*"),
                new("blk.{n}.ffn_norm.*", "gpt_neox.layers.{n}.post_attention_layernorm.*"),
                new("blk.{n}.attn_qkv.*", "gpt_neox.layers.{n}.attention.query_key_value.*", RowOrder.HeadByHead),
                new("blk.{n}.attn_output.*", "gpt_neox.layers.{n}.attention.dense.*"),
                new("blk.{n}.ffn_up.*", "gpt_neox.layers.{n}.mlp.dense_h_to_4h.*"),
                new("blk.{n}.ffn_down.*", "gpt_neox.layers.{n}.mlp.dense_4h_to_h.*"),
            ],
        },
    ];

    protected override IPart Block(LayerBuilder layer)
    {
        var attention = layer.Attention(layer.Model.Rope.Table(RopeStyle.HalfSplit));
        var feedForward = layer.PlainFeedForward(ActivationKind.GeluTanh);
        var (attentionNorm, feedForwardNorm) = (layer.LayerNorm("attn_norm"), layer.LayerNorm("ffn_norm"));
        if (layer.Model.TryBool("use_parallel_residual") == false)
            return new SequentialBlock { AttentionNorm = attentionNorm, Attention = attention, FeedForwardNorm = feedForwardNorm, FeedForward = feedForward };
        return new ParallelBlock { AttentionNorm = attentionNorm, Attention = attention, FeedForwardNorm = feedForwardNorm, FeedForward = feedForward };
    }

    protected override IPart? FinalNorm(ModelBuilder model) => model.LayerNorm("output_norm");
}
