using Brickwork.Models.HuggingFace;
using Brickwork.Models.Loading;
using Brickwork.Models.Parts;

namespace Brickwork.Models.Families;

/// <summary>How the tensors of one architecture become parts in slots. A family overrides what it does differently from Llama.</summary>
abstract class Family
{
    /// <summary>The exact value of <c>general.architecture</c>.</summary>
    public abstract string Architecture { get; }

    /// <summary>How Hugging Face's libraries save models of this family; of several, the first that fits is written. Empty where that is not known here.</summary>
    public virtual IReadOnlyList<HuggingFaceMap> HuggingFace => [];

    /// <summary>Published models of this architecture, for the list in docs/families.md.</summary>
    public abstract string Examples { get; }

    /// <summary>The decoder made of the checkpoint's tensors.</summary>
    public Decoder Build(ModelBuilder model) => new()
    {
        Embedding = Embedding(model),
        Layers = [.. Enumerable.Range(0, model.Layers).Select(layer => Block(new LayerBuilder(model, layer)))],
        FinalNorm = FinalNorm(model),
        Head = Head(model),
    };

    protected virtual IPart Embedding(ModelBuilder model) => new Embedding(model.Table("token_embd.weight"));

    protected abstract IPart Block(LayerBuilder layer);

    protected virtual IPart? FinalNorm(ModelBuilder model) => model.RmsNorm("output_norm");

    /// <summary>A head of its own, or the embedding's matrix used again.</summary>
    protected virtual IPart? Head(ModelBuilder model) => new Head(OutputProjection(model));

    protected static Linear OutputProjection(ModelBuilder model) =>
        model.Linear(model.Has("output.weight") ? "output" : "token_embd", model.Table("token_embd.weight").Rows, model.Width);
}
