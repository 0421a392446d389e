using Brickwork.Formats.Reading;
using Brickwork.Formats.Safetensors;
using Brickwork.Tensors.Storage;

namespace Brickwork;

/// <summary>Tensors in safetensors files, under the names they have there; the metadata are what stands in <c>__metadata__</c>.</summary>
/// <remarks>
/// The files are mapped: opening reads the headers only. U8 and BOOL are presented as I8, bits unchanged; dimensions beyond four fold
/// into the fastest one.
/// </remarks>
public sealed class SafetensorsCheckpoint : Checkpoint
{
    readonly TensorTable _table;

    SafetensorsCheckpoint(string source)
    {
        Source = source;
        Metadata = new Metadata(source);
        _table = new TensorTable(source);
    }

    /// <inheritdoc/>
    public override string Source { get; }

    /// <inheritdoc/>
    public override Metadata Metadata { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<TensorInfo> Tensors => _table.Tensors;

    /// <summary>Opens a file, an index (<c>….safetensors.index.json</c>), any one shard, or the files of a folder.</summary>
    /// <exception cref="CheckpointException">A file is missing or damaged.</exception>
    /// <exception cref="UnsupportedModelException">Values are stored in a type unknown here.</exception>
    public static SafetensorsCheckpoint OpenFile(string path)
    {
        var files = SafetensorsFiles.Find(path);
        var checkpoint = new SafetensorsCheckpoint(path);
        try
        {
            foreach (var file in files.Paths)
                checkpoint.Add(MappedFile.Open(file), file);
            checkpoint.CheckIndex(files);
            return checkpoint;
        }
        catch
        {
            checkpoint.Dispose();
            throw;
        }
    }

    /// <summary>Reads a copy of a file's bytes.</summary>
    internal static SafetensorsCheckpoint Read(ReadOnlySpan<byte> bytes, string source) => Read(MemoryFile.Of(bytes), source);

    /// <summary>Reads a file that is already in memory or mapped, and owns it from then on, whatever happens.</summary>
    static SafetensorsCheckpoint Read(TensorStorage storage, string source)
    {
        var checkpoint = new SafetensorsCheckpoint(source);
        try
        {
            checkpoint.Add(storage, source);
            return checkpoint;
        }
        catch
        {
            checkpoint.Dispose();
            throw;
        }
    }

    internal override IReadOnlyList<string> Files => _table.Files;

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

    void Add(TensorStorage storage, string path)
    {
        _table.Own(storage);
        var (metadata, entries) = SafetensorsHeader.Read(storage, path);
        foreach (var (key, value) in metadata)
            if (!Metadata.Contains(key))
                Metadata.Set(key, value);
        foreach (var entry in entries)
            _table.Add(entry.Info, storage, entry.Start);
    }

    void CheckIndex(SafetensorsFiles files)
    {
        var missing = files.Index?.Keys.FirstOrDefault(name => !_table.Contains(name));
        if (missing is not null)
            throw new CheckpointException($"Tensor '{missing}' is in no file; the index of {Source} puts it into {files.Index![missing]}.",
                "Index and files may be of different revisions: download both again.");
    }
}
