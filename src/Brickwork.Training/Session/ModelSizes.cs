namespace Brickwork.Training.Session;

/// <summary>As much of a model as its cost depends on.</summary>
/// <param name="Parameters">Weights in all.</param>
/// <param name="Products">Weights that inputs are multiplied with: an embedding only where it is the head too.</param>
/// <param name="Layers">How many layers.</param>
/// <param name="Width">Values in a hidden row.</param>
/// <param name="Neurons">Neurons of a feed-forward part.</param>
/// <param name="Vocabulary">How many tokens there are.</param>
/// <param name="Context">Tokens of a sequence.</param>
sealed record ModelSizes(long Parameters, long Products, int Layers, int Width, int Neurons, int Vocabulary, int Context)
{
    /// <summary>Weights that are trained; by default all.</summary>
    public long Trained { get; init; } = Parameters;

    /// <summary>Bytes of weights that are not trained and stay as they are stored.</summary>
    public long FixedBytes { get; init; }

    public static ModelSizes Of(NewLlama plan, int vocabulary)
    {
        long width = plan.Width;
        var keys = width / plan.Heads * plan.KeyHeads;
        var layer = 2 * width * width + 2 * width * keys + 3 * width * plan.Neurons;
        var (blocks, table) = (plan.Layers * layer, width * vocabulary);
        var norms = (2 * plan.Layers + 1) * width;
        return new(blocks + norms + (plan.TiedHead ? 1 : 2) * table, blocks + table, plan.Layers, plan.Width, plan.Neurons, vocabulary, plan.Context);
    }

    public static ModelSizes Of(LanguageModel model)
    {
        var tensors = model.Tensors.ToDictionary(tensor => tensor.Name, tensor => tensor.Shape);
        var lookedUp = tensors.ContainsKey("output.weight") ? tensors["token_embd.weight"].Count : 0;
        var neurons = tensors.Where(tensor => tensor.Key.EndsWith("ffn_up.weight", StringComparison.Ordinal)).Select(tensor => tensor.Value.Rows).DefaultIfEmpty(4 * model.Config.Width).Max();
        return new(model.Config.Parameters, tensors.Values.Where(shape => shape.Rank > 1).Sum(shape => shape.Count) - lookedUp,
            model.Config.Layers, model.Config.Width, neurons, model.Config.Vocabulary, model.Config.Context);
    }
}
