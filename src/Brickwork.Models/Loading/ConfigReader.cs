namespace Brickwork.Models.Loading;

/// <summary>Reads the sizes of a model from its metadata.</summary>
static class ConfigReader
{
    public static ModelConfig Read(ModelBuilder model, Checkpoint checkpoint)
    {
        var embedding = checkpoint.Open("token_embd.weight");
        var heads = Enumerable.Range(0, model.Layers).Select(layer => model.TryInt("attention.head_count", layer) ?? 0).FirstOrDefault(count => count > 0);
        return new ModelConfig
        {
            Family = model.Architecture,
            Name = checkpoint.Metadata.TryText("general.name") ?? Path.GetFileNameWithoutExtension(checkpoint.Source),
            Layers = model.Layers,
            Width = model.Width,
            Heads = heads,
            KvHeads = Enumerable.Range(0, model.Layers).Select(layer => model.TryInt("attention.head_count_kv", layer) ?? heads).FirstOrDefault(count => count > 0),
            Vocabulary = embedding.Rows,
            Context = model.Context,
            Parameters = checkpoint.Tensors.Sum(tensor => tensor.Shape.Count),
            Bytes = checkpoint.Tensors.Sum(tensor => tensor.Bytes),
            Pooling = PoolingOf(model),
        };
    }

    static Pooling PoolingOf(ModelBuilder model) => model.TryInt("pooling_type") switch
    {
        null or 0 => Pooling.None,
        1 => Pooling.Mean,
        2 => Pooling.First,
        3 => Pooling.Last,
        { } other => throw Faults.WrongValue(model.Key("pooling_type"), model.Source, other, "0 (none), 1 (mean), 2 (first) or 3 (last)"),
    };
}
