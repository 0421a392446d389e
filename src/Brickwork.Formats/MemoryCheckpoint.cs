namespace Brickwork;

/// <summary>A checkpoint made in memory: by a test, a conversion or a merge.</summary>
/// <param name="source">What it is, for messages.</param>
public sealed class MemoryCheckpoint(string source) : Checkpoint
{
    readonly OrderedDictionary<string, Tensor> _tensors = [];

    /// <inheritdoc/>
    public override string Source { get; } = source;

    /// <inheritdoc/>
    public override Metadata Metadata { get; } = new(source);

    /// <inheritdoc/>
    public override IReadOnlyList<TensorInfo> Tensors => [.. _tensors.Select(entry => new TensorInfo(entry.Key, entry.Value.Type, entry.Value.Shape))];

    /// <summary>Adds or replaces a tensor.</summary>
    public MemoryCheckpoint Add(string name, Tensor tensor)
    {
        _tensors[name] = tensor;
        return this;
    }

    /// <inheritdoc/>
    public override bool Contains(string name) => _tensors.ContainsKey(name);

    /// <inheritdoc/>
    public override Tensor Open(string name) => _tensors.TryGetValue(name, out var tensor) ? tensor : throw new CheckpointException(
        $"Tensor '{name}' is missing in {Source}; found {_tensors.Count} tensors.", "Look at what it holds: brick inspect --tensors -m FILE");

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => _tensors.Clear();
}
