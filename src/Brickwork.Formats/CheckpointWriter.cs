using Brickwork.Formats.Writing;

namespace Brickwork;

/// <summary>Takes the tensors of a checkpoint as they are made and puts each where it belongs, so that memory stays bounded.</summary>
/// <remarks>
/// Tensors may come in any order and in pieces. The files get their names in <see cref="Complete"/>; disposing the writer before
/// that removes them. Not thread safe, but for pieces whose place is given.
/// </remarks>
public sealed class CheckpointWriter : IDisposable
{
    const int PieceBytes = 1 << 26;

    readonly List<AtomicFile> _files = [];
    readonly Dictionary<string, Destination> _tensors = new(StringComparer.Ordinal);

    internal CheckpointWriter(IReadOnlyList<FilePlan> plans, SaveOptions options)
    {
        try
        {
            foreach (var plan in plans)
                Begin(plan, options.Existing);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The final names of the files.</summary>
    public IReadOnlyList<string> Files => [.. _files.Select(file => file.Path)];

    /// <summary>Appends stored bytes to a tensor.</summary>
    /// <exception cref="ArgumentException">The tensor was not announced, or would get more bytes than its type and shape ask for.</exception>
    /// <exception cref="CheckpointException">The system refuses the write, for instance because the disk is full.</exception>
    public void Write(string name, ReadOnlySpan<byte> bytes)
    {
        if (!_tensors.TryGetValue(name, out var place))
            throw new ArgumentException($"Tensor '{name}' was not announced when the writer was made.", nameof(name));
        if (bytes.Length > place.Missing)
            throw new ArgumentException($"Tensor '{name}' lacks {place.Missing} bytes, but gets {bytes.Length}.", nameof(bytes));
        place.File.Write(bytes, place.Next);
        place.Next += bytes.Length;
        place.Took(bytes.Length);
    }

    /// <summary>Writes stored bytes at a place in a tensor, from any thread; no place twice.</summary>
    /// <exception cref="CheckpointException">The system refuses the write.</exception>
    internal void WriteAt(string name, long offset, ReadOnlySpan<byte> bytes)
    {
        var place = _tensors[name];
        place.File.Write(bytes, place.Next + offset);
        place.Took(bytes.Length);
    }

    /// <summary>Writes a whole tensor.</summary>
    /// <exception cref="ArgumentException">It has not the announced type or number of values.</exception>
    /// <exception cref="CheckpointException">The system refuses the write.</exception>
    public void Write(string name, Tensor tensor)
    {
        if (_tensors.TryGetValue(name, out var place) && (place.Info.Type != tensor.Type || place.Info.Shape.Count != tensor.Shape.Count))
            throw new ArgumentException($"Tensor '{name}' was announced as {place.Info.Type}{place.Info.Shape}, but is {tensor}.", nameof(tensor));
        var step = (int)Math.Clamp(PieceBytes / Math.Max(tensor.Rows == 0 ? 1 : tensor.RowBytes, 1), 1, int.MaxValue);
        for (var row = 0; row < tensor.Rows; row += step)
            Write(name, tensor.RowSpan(row, Math.Min(step, tensor.Rows - row)));
    }

    /// <summary>Flushes the files and gives them their names.</summary>
    /// <exception cref="InvalidOperationException">A tensor lacks bytes.</exception>
    /// <exception cref="CheckpointException">The system refuses.</exception>
    public void Complete()
    {
        foreach (var (name, place) in _tensors)
            if (place.Missing > 0)
                throw new InvalidOperationException($"Tensor '{name}' lacks {place.Missing} bytes.");
        foreach (var file in _files)
            file.Seal();
        foreach (var file in _files)
            file.Commit();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var file in _files)
            file.Dispose();
    }

    void Begin(FilePlan plan, ExistingFiles existing)
    {
        var file = new AtomicFile(plan.Path, existing);
        _files.Add(file);
        file.Resize(plan.Length);
        file.Write(plan.Header, 0);
        foreach (var (info, offset) in plan.Tensors)
            _tensors.Add(info.Name, new Destination(file, info) { Next = offset });
    }

    sealed class Destination(AtomicFile file, TensorInfo info)
    {
        long _missing = info.Bytes;

        public TensorInfo Info { get; } = info;

        public AtomicFile File { get; } = file;

        public long Next { get; set; }

        public long Missing => _missing;

        public void Took(int bytes) => Interlocked.Add(ref _missing, -bytes);
    }
}
