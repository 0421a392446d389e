namespace Brickwork.Models.HuggingFace;

/// <summary>A model in GGUF's vocabulary: the keys of its architecture, and which tensors it has.</summary>
/// <param name="architecture">The value of <c>general.architecture</c>.</param>
/// <param name="metadata">Its metadata.</param>
/// <param name="checkpoint">Its tensors; null while they are still being named.</param>
sealed class CanonicalModel(string architecture, Metadata metadata, Checkpoint? checkpoint = null)
{
    public string Architecture => architecture;

    public Metadata Metadata => metadata;

    public string Source => metadata.Source;

    /// <summary>Tensors that stand in the settings instead of the weights, such as factors of a rotation.</summary>
    public OrderedDictionary<string, Tensor> Made { get; } = [];

    /// <summary>What the settings say about sharing the head with the embedding; null where they do not.</summary>
    public bool? IsTied { get; set; }

    public int Layers => Int("block_count");

    public int Heads(int layer) => Int("attention.head_count", layer);

    public int KvHeads(int layer) => TryInt("attention.head_count_kv", layer) ?? Heads(layer);

    public int KeyWidth => TryInt("attention.key_length") ?? Int("embedding_length") / Math.Max(1, Heads(0));

    public int ValueWidth => TryInt("attention.value_length") ?? KeyWidth;

    public string Key(string name) => name.StartsWith("tokenizer.", StringComparison.Ordinal) || name.StartsWith("general.", StringComparison.Ordinal)
        ? name
        : $"{architecture}.{name}";

    public int Int(string name) => metadata.Int(Key(name));

    public int? TryInt(string name) => metadata.TryInt(Key(name));

    public float? TryFloat(string name) => metadata.TryFloat(Key(name));

    public bool? TryBool(string name) => metadata.TryBool(Key(name));

    public string? TryText(string name) => metadata.TryText(Key(name));

    public void Set(string name, object value) => metadata.Set(Key(name), value);

    /// <summary>A number of one layer; a plain number holds for all.</summary>
    public int? TryInt(string name, int layer) =>
        metadata.Find(Key(name)) is { IsArray: true } && metadata.TryInts(Key(name)) is { } each ? layer < each.Length ? each[layer] : null : TryInt(name);

    /// <summary>A number that is the same in all layers, or null where there is none.</summary>
    /// <exception cref="UnsupportedModelException">It changes from layer to layer.</exception>
    public int? TryCommonInt(string name)
    {
        if (metadata.Find(Key(name)) is not { IsArray: true })
            return TryInt(name);
        var each = metadata.TryInts(Key(name))!.Distinct().ToArray();
        return each.Length == 1 ? each[0] : throw new UnsupportedModelException(
            $"Metadata '{Key(name)}' in {Source} has other values in other layers; config.json has room for one.", "Keep this model as GGUF.");
    }

    public bool Has(string tensor) => checkpoint?.Contains(tensor) ?? false;

    /// <summary>A small tensor of F32, or null where there is none.</summary>
    public float[]? TryFloats(string tensor)
    {
        if (!Has(tensor))
            return null;
        var stored = checkpoint!.Open(tensor);
        var values = new float[stored.Shape.Count];
        Kernels.Blocks.Dequantizer.Run(stored.Type, stored.RowSpan(0, stored.Rows), values);
        return values;
    }

    int Int(string name, int layer) => TryInt(name, layer) ?? Int(name);
}
