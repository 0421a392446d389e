namespace Brickwork.Models.HuggingFace.Transforms;

/// <summary>An invertible way from Hugging Face's tensors to GGUF's.</summary>
/// <remarks>Nothing is read before a tensor made this way is opened. Values keep their storage type, but where they are calculated with.</remarks>
abstract class TensorTransform
{
    /// <summary>GGUF's tensors.</summary>
    /// <param name="rule">The names on both sides.</param>
    /// <param name="sources">Hugging Face's tensors, one for each of the rule's names.</param>
    /// <param name="model">The sizes of the model.</param>
    /// <exception cref="CheckpointException">A tensor has a shape that the sizes do not allow.</exception>
    public abstract IEnumerable<TensorRecipe> Read(RuleInstance rule, IReadOnlyList<TensorSource> sources, CanonicalModel model);

    /// <summary>Hugging Face's tensors.</summary>
    /// <param name="rule">The names on both sides.</param>
    /// <param name="sources">GGUF's tensors, one for each of the rule's names; of plain types.</param>
    /// <param name="model">The sizes of the model.</param>
    public abstract IEnumerable<TensorRecipe> Write(RuleInstance rule, IReadOnlyList<TensorSource> sources, CanonicalModel model);

    /// <summary>How many tensors a name with <c>{e}</c> stands for.</summary>
    public virtual int CountOf(CanonicalModel model, int layer) => 1;

    protected static CheckpointException WrongShape(TensorSource source, CanonicalModel model, string expected) => new(
        $"Tensor '{source.Info.Name}' in {model.Source} is {source.Info.Shape}; config.json implies {expected}.",
        "The files may be from different revisions: download both again.");

    /// <summary>Some rows of a tensor, in place; a bias has its rows lying down.</summary>
    protected static TensorRecipe Slice(string name, TensorSource source, long first, params long[] dimensions)
    {
        var info = new TensorInfo(name, source.Info.Type, new Shape(dimensions));
        var rows = source.Info.Shape.Rank == 1 ? dimensions[0] : info.Shape.Rows;
        return new TensorRecipe(info, true, () =>
        {
            var tensor = source.Open();
            if (tensor.Shape.Rank == 1)
                tensor = tensor.Reshape(tensor.Shape.Count, 1);
            return tensor.SliceRows(checked((int)first), checked((int)rows)).Reshape(dimensions);
        });
    }
}
