using Brickwork.Formats.Gguf;
using Brickwork.Formats.Log;
using Brickwork.Formats.Reading;
using Brickwork.Tensors.Storage;

namespace Brickwork;

/// <summary>A model in GGUF, llama.cpp's format: one file, or several named <c>NAME-00001-of-00003.gguf</c>.</summary>
/// <remarks>Versions 2 and 3, little endian. The files are mapped: opening reads the headers only.</remarks>
public sealed class GgufCheckpoint : Checkpoint
{
    readonly TensorTable _table;

    GgufCheckpoint(string source, Metadata metadata, TensorTable table)
    {
        Source = source;
        Metadata = metadata;
        _table = table;
    }

    /// <inheritdoc/>
    public override string Source { get; }

    /// <inheritdoc/>
    public override Metadata Metadata { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<TensorInfo> Tensors => _table.Tensors;

    /// <summary>Opens a file; of a model in several files any one may be named, and the others are found beside it.</summary>
    /// <exception cref="CheckpointException">A file is missing or damaged.</exception>
    /// <exception cref="UnsupportedModelException">A file is of another version or byte order, or stores values in an unknown type.</exception>
    public static GgufCheckpoint OpenFile(string path) => Read(MappedFile.Open(path), path);

    /// <summary>Reads a copy of a file's bytes.</summary>
    internal static GgufCheckpoint Read(ReadOnlySpan<byte> bytes, string source) => Read(MemoryFile.Of(bytes), source);

    /// <summary>Reads a file that is already in memory or mapped, and owns it from then on, whatever happens.</summary>
    internal static GgufCheckpoint Read(TensorStorage storage, string source)
    {
        var table = new TensorTable(source);
        table.Own(storage);
        try
        {
            var file = GgufFile.Read(storage, source);
            if (GgufSplit.Of(file.Metadata, source) is { } split)
                return new GgufCheckpoint(source, split.AddParts(table, file, storage), table);
            foreach (var tensor in file.Tensors)
                table.Add(tensor.Info, storage, tensor.Offset);
            return new GgufCheckpoint(source, file.Metadata, table);
        }
        catch
        {
            table.Dispose();
            throw;
        }
    }

    internal override IReadOnlyList<string> Files => _table.Files;

    internal override ContentHash? HashContent(CancellationToken cancellation) => base.HashContent(cancellation) ?? _table.HashMemory();

    /// <inheritdoc/>
    public override bool Contains(string name) => _table.Contains(name);

    /// <inheritdoc/>
    public override Tensor Open(string name) => _table.Open(name);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _table.Dispose();
    }
}
