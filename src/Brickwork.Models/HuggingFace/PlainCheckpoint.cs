namespace Brickwork.Models.HuggingFace;

/// <summary>A checkpoint whose tensors are presented in plain types, converted when they are opened.</summary>
/// <remarks>Keeps the last few, because the parts of a tensor are asked for one after the other.</remarks>
/// <param name="source">Belongs to the caller.</param>
/// <param name="typeOf">The plain type that a tensor is to have.</param>
/// <param name="convert">Converts a whole tensor.</param>
sealed class PlainCheckpoint(Checkpoint source, Func<TensorInfo, DType> typeOf, Func<TensorInfo, DType, Tensor> convert) : Checkpoint
{
    const int Kept = 3;

    readonly List<(string Name, Tensor Tensor)> _kept = [];
    readonly Dictionary<string, TensorInfo> _tensors = source.Tensors.ToDictionary(
        tensor => tensor.Name, tensor => tensor with { Type = typeOf(tensor) }, StringComparer.Ordinal);

    public override string Source => source.Source;

    public override Metadata Metadata => source.Metadata;

    public override IReadOnlyList<TensorInfo> Tensors { get; } = [.. source.Tensors.Select(tensor => tensor with { Type = typeOf(tensor) })];

    public TensorInfo Info(string name) => _tensors[name];

    public override bool Contains(string name) => _tensors.ContainsKey(name);

    public override Tensor Open(string name)
    {
        var stored = source.Open(name);
        if (stored.Type == _tensors[name].Type)
            return stored;
        if (_kept.FindIndex(entry => entry.Name == name) is >= 0 and var index)
            return _kept[index].Tensor;
        if (_kept.Count == Kept)
            _kept.RemoveAt(0);
        var tensor = convert(new TensorInfo(name, stored.Type, stored.Shape), _tensors[name].Type);
        _kept.Add((name, tensor));
        return tensor;
    }

    protected override void Dispose(bool disposing) => _kept.Clear();
}
