using Brickwork.Kernels.Rope;
using Brickwork.Models.HuggingFace;
using Brickwork.Models.HuggingFace.Settings;
using Brickwork.Models.Loading;

namespace Brickwork.Models.Families;

/// <summary>nomic-embed-text: BERT with a rotation instead of learned positions and a gated feed-forward part.</summary>
sealed class NomicBert : Bert
{
    public override string Architecture => "nomic-bert";

    public override string Examples => "nomic-embed-text 1.5";

    public override IReadOnlyList<HuggingFaceMap> HuggingFace { get; } =
    [
        new("nomic_bert", "NomicBertModel")
        {
            Prefix = "",
            Ignored = ["pooler.*", "cls.*"],
            Settings =
            [
                new Size("n_embd", "embedding_length"),
                new Size("n_layer", "block_count"),
                new Size("n_head", "attention.head_count"),
                new Size("n_inner", "feed_forward_length"),
                new Size("n_positions", "context_length"),
                new Size("vocab_size", "vocab_size"),
                new HeadWidth { Name = null, Partial = "rotary_emb_fraction" },
                new Rope { Base = "rotary_emb_base" },
                new Real("layer_norm_epsilon", "attention.layer_norm_epsilon") { Default = 1e-12 },
                new Size("type_vocab_size", "tokenizer.ggml.token_type_count") { Default = 2 },
                new Always("attention.causal", false),
                Fixed.Activation("activation_function", "swiglu"),
                new Fixed("prenorm", "false"),
                new Fixed("qkv_proj_bias", "false"),
                new Fixed("mlp_fc1_bias", "false"),
                new Fixed("mlp_fc2_bias", "false"),
                new Fixed("rotary_emb_interleaved", "false"),
            ],
            Tensors =
            [
                new("token_embd.weight", "embeddings.word_embeddings.weight"),
                new("token_types.weight", "embeddings.token_type_embeddings.weight"),
                new("token_embd_norm.*", "emb_ln.*"),
                new("blk.{n}.attn_qkv.weight", "encoder.layers.{n}.attn.Wqkv.weight"),
                new("blk.{n}.attn_output.weight", "encoder.layers.{n}.attn.out_proj.weight"),
                new("blk.{n}.attn_output_norm.*", "encoder.layers.{n}.norm1.*"),
                new("blk.{n}.ffn_up.weight", "encoder.layers.{n}.mlp.fc11.weight"),
                new("blk.{n}.ffn_gate.weight", "encoder.layers.{n}.mlp.fc12.weight"),
                new("blk.{n}.ffn_down.weight", "encoder.layers.{n}.mlp.fc2.weight"),
                new("blk.{n}.layer_output_norm.*", "encoder.layers.{n}.norm2.*"),
            ],
        },
    ];

    protected override IPart Attention(LayerBuilder layer) => layer.Attention(layer.Model.Rope.Table(RopeStyle.HalfSplit), BothWays(layer));

    protected override IPart FeedForward(LayerBuilder layer) => layer.FeedForward();
}
