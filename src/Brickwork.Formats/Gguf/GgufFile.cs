using System.Buffers.Binary;
using Brickwork.Formats.Reading;
using Brickwork.Tensors.Storage;

namespace Brickwork.Formats.Gguf;

/// <summary>What one GGUF file holds; see <see cref="GgufCheckpoint"/> for a model, which may be several files.</summary>
/// <param name="Metadata">Its keys and values.</param>
/// <param name="Tensors">Its tensors, with offsets from the start of the file.</param>
sealed record GgufFile(Metadata Metadata, GgufTensor[] Tensors)
{
    public const uint Magic = 0x46554747; // "GGUF"
    public const uint Version = 3;
    public const int DefaultAlignment = 32;
    public const string AlignmentKey = "general.alignment";

    /// <summary>Reads and checks the header.</summary>
    /// <exception cref="CheckpointException">It is damaged.</exception>
    /// <exception cref="UnsupportedModelException">It is of another version or byte order, or has a type of value unknown here.</exception>
    public static GgufFile Read(TensorStorage storage, string source)
    {
        var cursor = new ByteCursor(storage, source);
        ReadMagic(cursor);
        var tensorCount = cursor.Count("the number of tensors", GgufTensorReader.SmallestEntry);
        var metadataCount = cursor.Count("the number of metadata keys", GgufMetadataReader.SmallestEntry);
        var metadata = GgufMetadataReader.Read(cursor, metadataCount);
        return new GgufFile(metadata, GgufTensorReader.Read(cursor, tensorCount, Alignment(metadata, cursor)));
    }

    static void ReadMagic(ByteCursor cursor)
    {
        var magic = cursor.UInt32("the magic number");
        if (magic != Magic)
            throw cursor.Fault("the magic number", $"0x{magic:x8}", $"0x{Magic:x8} ('GGUF')", 4);
        var version = cursor.UInt32("the version");
        if (BinaryPrimitives.ReverseEndianness(version) is > 0 and < 0x10000 && version >= 0x10000)
            throw new UnsupportedModelException($"{cursor.Source} is a GGUF file in big-endian byte order; expected little endian.",
                "Download the little-endian file, or convert it with gguf_convert_endian.py of llama.cpp.");
        if (version is not (2 or Version))
            throw new UnsupportedModelException($"{cursor.Source} is a GGUF file of version {version}; expected 2 or 3.",
                version == 1 ? "Convert the model again: version 1 was in use in August 2023 only." : "Use a newer Brickwork, or convert the model again.");
    }

    static long Alignment(Metadata metadata, ByteCursor cursor)
    {
        if (metadata.Find(AlignmentKey) is not { } value)
            return DefaultAlignment;
        return value.Value is uint alignment && uint.IsPow2(alignment) ? alignment
            : throw new CheckpointException($"Metadata '{AlignmentKey}' in {cursor.Source} is {value.Value} ({value.Type}); expected a power of two (UInt32).",
                "The writer of the file is at fault: convert the model again.");
    }
}
