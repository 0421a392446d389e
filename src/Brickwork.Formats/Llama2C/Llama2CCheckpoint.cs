using Brickwork.Formats.Llama2C;
using Brickwork.Formats.Log;
using Brickwork.Formats.Reading;
using Brickwork.Tensors.Storage;

namespace Brickwork;

/// <summary>A model of llama2.c (Andrej Karpathy) in its legacy layout, presented under the names and metadata that GGUF gives the same model.</summary>
public sealed class Llama2CCheckpoint : Checkpoint
{
    readonly TensorTable _table;

    Llama2CCheckpoint(string source, Metadata metadata, TensorTable table, string tokenizer)
    {
        Source = source;
        Metadata = metadata;
        TokenizerSource = tokenizer;
        _table = table;
    }

    /// <inheritdoc/>
    public override string Source { get; }

    /// <inheritdoc/>
    public override Metadata Metadata { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<TensorInfo> Tensors => _table.Tensors;

    /// <summary>The vocabulary's file.</summary>
    internal string TokenizerSource { get; }

    /// <summary>Opens a <c>.bin</c> file and its vocabulary.</summary>
    /// <param name="path">The model.</param>
    /// <param name="tokenizerPath">The vocabulary; null looks for <c>tokenizer.bin</c>, then <c>tok512.bin</c> (for 512 tokens), beside the model.</param>
    /// <exception cref="CheckpointException">A file is missing, damaged, or of another length than its header implies.</exception>
    /// <exception cref="UnsupportedModelException">The file is one of llama2.c's newer exports.</exception>
    public static Llama2CCheckpoint OpenFile(string path, string? tokenizerPath = null) =>
        Read(MappedFile.Open(path), path, vocabulary =>
        {
            var tokenizer = tokenizerPath ?? FindTokenizer(path, vocabulary);
            return (MappedFile.Open(tokenizer), tokenizer);
        });

    /// <summary>Reads copies of the two files' bytes.</summary>
    internal static Llama2CCheckpoint Read(ReadOnlySpan<byte> bytes, byte[] tokenizer, string source) =>
        Read(MemoryFile.Of(bytes), source, _ => (MemoryFile.Of(tokenizer), $"tokenizer of {source}"));

    /// <summary>Reads files that are already in memory or mapped, and owns the model's from then on, whatever happens.</summary>
    static Llama2CCheckpoint Read(TensorStorage storage, string source, Func<long, (TensorStorage Storage, string Source)> openTokenizer)
    {
        var table = new TensorTable(source);
        table.Own(storage);
        try
        {
            var header = ReadHeader(new ByteCursor(storage, source));
            var metadata = Describe(header, source);
            var (tokens, tokenSource) = openTokenizer(header.Vocabulary);
            using (tokens)
                Llama2CTokens.AddTo(metadata, new ByteCursor(tokens, tokenSource), header.Vocabulary);
            Llama2CLayout.AddTensors(table, storage, header);
            return new Llama2CCheckpoint(source, metadata, table, tokenSource);
        }
        catch
        {
            table.Dispose();
            throw;
        }
    }

    internal override ContentHash? HashContent(CancellationToken cancellation) => _table.Files is { Count: > 0 } files ? ContentHash.OfFiles(files, cancellation) : null;

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

    static Llama2CHeader ReadHeader(ByteCursor cursor)
    {
        var bytes = cursor.Take(Llama2CHeader.Bytes, "the header");
        if (BitConverter.ToUInt32(bytes) == Llama2CHeader.NewerMagic)
            throw new UnsupportedModelException($"{cursor.Source} is a llama2.c export of version 1 or 2; expected version 0 (legacy).",
                "Export it again: python export.py model.bin --version 0");
        var header = Llama2CHeader.Read(bytes);
        if (header.Fault is { } fault)
            throw cursor.Fault("the header", header.ToString(), $"the numbers of a llama2.c model, where {fault}", Llama2CHeader.Bytes);
        if (header.FileBytes != cursor.Length)
            throw new CheckpointException($"{cursor.Source} has {cursor.Length} bytes; expected {header.FileBytes} for its header ({header}).",
                "The file is cut off, or no llama2.c model: download or export it again.");
        return header;
    }

    static Metadata Describe(Llama2CHeader header, string source)
    {
        var metadata = new Metadata(source);
        metadata.Set("general.architecture", "llama");
        metadata.Set("general.name", Path.GetFileNameWithoutExtension(source));
        metadata.Set("general.file_type", 0u);
        metadata.Set("llama.context_length", (uint)header.Context);
        metadata.Set("llama.embedding_length", (uint)header.Width);
        metadata.Set("llama.block_count", (uint)header.Layers);
        metadata.Set("llama.feed_forward_length", (uint)header.Hidden);
        metadata.Set("llama.attention.head_count", (uint)header.Heads);
        metadata.Set("llama.attention.head_count_kv", (uint)header.KeyValueHeads);
        metadata.Set("llama.attention.layer_norm_rms_epsilon", 1e-5f);
        metadata.Set("llama.rope.dimension_count", (uint)header.HeadWidth);
        metadata.Set("llama.rope.freq_base", 10000f);
        metadata.Set("llama.vocab_size", (uint)header.Vocabulary);
        return metadata;
    }

    static string FindTokenizer(string path, long vocabulary)
    {
        var folder = Path.GetDirectoryName(path) ?? "";
        string[] names = ["tokenizer.bin", $"tok{vocabulary}.bin"];
        return names.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists) ?? throw new CheckpointException(
            $"{path} has no vocabulary beside it; expected {names[0]} or {names[1]}.", "Put the tokenizer into the same folder, or name it with --tokenizer FILE.");
    }
}
