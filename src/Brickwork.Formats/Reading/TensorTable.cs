using Brickwork.Formats.Log;
using Brickwork.Tensors.Storage;

namespace Brickwork.Formats.Reading;

/// <summary>Where the tensors of a checkpoint lie: name → storage and offset, in file order. Owns the storages.</summary>
sealed class TensorTable(string source) : IDisposable
{
    readonly List<TensorInfo> _tensors = [];
    readonly Dictionary<string, (int Index, TensorStorage Storage, long Offset)> _places = new(StringComparer.Ordinal);
    readonly List<TensorStorage> _storages = [];

    public IReadOnlyList<TensorInfo> Tensors => _tensors;

    /// <summary>The mapped files, by name.</summary>
    public IReadOnlyList<string> Files => [.. _storages.OfType<MappedStorage>().Select(storage => storage.Path).Order(StringComparer.Ordinal)];

    /// <summary>The hash of a file that is in memory.</summary>
    public ContentHash? HashMemory() => _storages is [var only] ? ContentHash.Of(only) : null;

    /// <summary>Makes the table the owner of a storage.</summary>
    public void Own(TensorStorage storage) => _storages.Add(storage);

    /// <exception cref="CheckpointException">The name is taken.</exception>
    public void Add(TensorInfo tensor, TensorStorage storage, long offset)
    {
        if (!_places.TryAdd(tensor.Name, (_tensors.Count, storage, offset)))
            throw new CheckpointException($"Tensor '{tensor.Name}' is in {source} twice; expected every name once.",
                "The writer of the file is at fault: convert the model again.");
        _tensors.Add(tensor);
    }

    public bool Contains(string name) => _places.ContainsKey(name);

    public Tensor Open(string name)
    {
        if (!_places.TryGetValue(name, out var place))
            throw new CheckpointException($"Tensor '{name}' is not in {source}, which holds {_tensors.Count} tensors.",
                "The file may be of another family or incomplete; look at what it holds: brick inspect -m FILE");
        var tensor = _tensors[place.Index];
        return new Tensor(place.Storage, place.Offset, tensor.Type, tensor.Shape);
    }

    public void Dispose()
    {
        foreach (var storage in _storages)
            storage.Dispose();
    }
}
