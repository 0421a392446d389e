using Brickwork.Kernels.Activations;
using Brickwork.Kernels.Attention;
using Brickwork.Models.HuggingFace;
using Brickwork.Models.HuggingFace.Settings;
using Brickwork.Models.Loading;
using Brickwork.Models.Parts;

namespace Brickwork.Models.Families;

/// <summary>BERT: every token sees every other, norms follow the sums, and the output is hidden values.</summary>
class Bert : Family
{
    public override string Architecture => "bert";

    public override string Examples => "BERT, BGE, E5, MiniLM";

    public override IReadOnlyList<HuggingFaceMap> HuggingFace { get; } =
    [
        new("bert", "BertModel")
        {
            Prefix = "bert.",
            Ignored = ["bert.pooler.*", "cls.*", "bert.cls.*", "*.position_ids"],
            Settings =
            [
                .. Decoders.Sizes.Where(size => size is not Size { Key: "attention.head_count_kv" }),
                new Real("layer_norm_eps", "attention.layer_norm_epsilon") { Default = 1e-12 },
                new Size("type_vocab_size", "tokenizer.ggml.token_type_count") { Default = 2 },
                new Always("attention.causal", false),
                Fixed.Gelu("hidden_act", "gelu"),
                new Fixed("position_embedding_type", "\"absolute\""),
            ],
            Tensors =
            [
                new("token_embd.weight", "bert.embeddings.word_embeddings.weight"),
                new("position_embd.weight", "bert.embeddings.position_embeddings.weight"),
                new("token_types.weight", "bert.embeddings.token_type_embeddings.weight"),
                new("token_embd_norm.*", "bert.embeddings.LayerNorm.*"),
                new("blk.{n}.attn_q.*", "bert.encoder.layer.{n}.attention.self.query.*"),
                new("blk.{n}.attn_k.*", "bert.encoder.layer.{n}.attention.self.key.*"),
                new("blk.{n}.attn_v.*", "bert.encoder.layer.{n}.attention.self.value.*"),
                new("blk.{n}.attn_output.*", "bert.encoder.layer.{n}.attention.output.dense.*"),
                new("blk.{n}.attn_output_norm.*", "bert.encoder.layer.{n}.attention.output.LayerNorm.*"),
                new("blk.{n}.ffn_up.*", "bert.encoder.layer.{n}.intermediate.dense.*"),
                new("blk.{n}.ffn_down.*", "bert.encoder.layer.{n}.output.dense.*"),
                new("blk.{n}.layer_output_norm.*", "bert.encoder.layer.{n}.output.LayerNorm.*"),
            ],
        },
    ];

    protected override IPart Embedding(ModelBuilder model) => new Embedding(model.Table("token_embd.weight"))
    {
        Positions = model.Has("position_embd.weight") ? model.Table("position_embd.weight") : null,
        TokenTypes = model.Has("token_types.weight") ? model.Table("token_types.weight") : null,
        Norm = model.LayerNorm("token_embd_norm"),
    };

    protected override IPart Block(LayerBuilder layer) => new PostNormBlock
    {
        Attention = Attention(layer),
        AttentionNorm = layer.LayerNorm("attn_output_norm"),
        FeedForward = FeedForward(layer),
        FeedForwardNorm = layer.LayerNorm("layer_output_norm"),
    };

    protected override IPart? FinalNorm(ModelBuilder model) => null;

    protected override IPart? Head(ModelBuilder model) => null;

    protected virtual IPart Attention(LayerBuilder layer) => layer.Attention(null, BothWays(layer));

    protected virtual IPart FeedForward(LayerBuilder layer) => layer.PlainFeedForward(ActivationKind.GeluTanh);

    protected static AttentionOptions BothWays(LayerBuilder layer) => layer.AttentionOptions() with { Mask = AttentionMask.Full };
}
