using System.Buffers.Binary;
using Brickwork.Formats.BrickFiles;
using Brickwork.Formats.Gguf;
using Brickwork.Formats.Llama2C;
using Brickwork.Formats.Reading;
using Brickwork.Tensors.Storage;

namespace Brickwork;

/// <summary>The kinds of model files this engine tells apart.</summary>
public enum ModelFormat
{
    /// <summary>A <c>.gguf</c> file or one part of several.</summary>
    Gguf,

    /// <summary>A file of llama2.c in its legacy layout.</summary>
    Llama2C,

    /// <summary>A safetensors file by itself: tensors without a description of the model.</summary>
    Safetensors,

    /// <summary>A folder with <c>config.json</c>.</summary>
    HuggingFace,
}

/// <summary>Opens model files of any kind by looking at what is in them.</summary>
public static class CheckpointFile
{
    /// <summary>Opens a model file.</summary>
    /// <param name="path">A GGUF file or a llama2.c file.</param>
    /// <param name="tokenizerPath">The vocabulary of a llama2.c model, where it does not stand beside the model.</param>
    /// <exception cref="CheckpointException">The file is missing, damaged, or no model.</exception>
    /// <exception cref="UnsupportedModelException">It is a model of a kind that this method does not open.</exception>
    public static Checkpoint Open(string path, string? tokenizerPath = null) => Detect(path) switch
    {
        ModelFormat.Gguf => GgufCheckpoint.OpenFile(path),
        ModelFormat.Llama2C => Llama2CCheckpoint.OpenFile(path, tokenizerPath),
        ModelFormat.Safetensors => throw NoModel(path),
        _ => throw new UnsupportedModelException($"{path} is a Hugging Face folder, whose names depend on the family.", "Load it as a model: LanguageModel.Load(FOLDER)."),
    };

    /// <summary>What a file or folder is, by its first bytes.</summary>
    /// <exception cref="CheckpointException">It is missing, empty or none of the kinds known.</exception>
    /// <exception cref="UnsupportedModelException">It is known, but only to say that it cannot be read.</exception>
    public static ModelFormat Detect(string path)
    {
        if (Directory.Exists(path))
            return DetectFolder(path);
        using var storage = MappedFile.Open(path);
        return Detect(storage, path);
    }

    internal static ModelFormat Detect(ReadOnlySpan<byte> bytes, string path)
    {
        using var storage = MemoryFile.Of(bytes);
        return Detect(storage, path);
    }

    static ModelFormat Detect(TensorStorage storage, string path)
    {
        var start = storage.Bytes(0, (int)Math.Min(storage.Length, Llama2CHeader.Bytes));
        var magic = start.Length < sizeof(uint) ? 0 : BinaryPrimitives.ReadUInt32LittleEndian(start);
        if (magic is GgufFile.Magic)
            return ModelFormat.Gguf;
        if (start.Length > sizeof(ulong) && start[sizeof(ulong)] == (byte)'{' && BinaryPrimitives.ReadUInt64LittleEndian(start) <= (ulong)storage.Length
            || path.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase))
            return ModelFormat.Safetensors;
        if (start.StartsWith("PK\u0003\u0004"u8) || start.StartsWith((ReadOnlySpan<byte>)[0x80, 0x02]))
            throw new UnsupportedModelException($"{path} is a PyTorch file (a Python pickle, which can run any program); expected GGUF, safetensors or llama2.c.",
                "Convert it to safetensors or GGUF with the library it comes from.");
        if (magic == BinaryPrimitives.ReverseEndianness(GgufFile.Magic))
            throw new CheckpointException($"{path} begins with 'FUGG': its bytes are swapped; expected 'GGUF'.", "Download the file again.");
        if (magic == Llama2CHeader.NewerMagic || IsLlama2C(start, storage.Length, path))
            return ModelFormat.Llama2C;
        throw new CheckpointException($"{path} is neither GGUF nor safetensors nor a llama2.c model: it has {storage.Length} bytes and begins with {Show(start)}.",
            "Name a .gguf file, a Hugging Face folder, or a llama2.c .bin file.");
    }

    // The layout has no magic number: believe the length of the file, or the name where at least the numbers make sense.
    static bool IsLlama2C(ReadOnlySpan<byte> start, long length, string path)
    {
        if (start.Length < Llama2CHeader.Bytes || Llama2CHeader.Read(start) is var header && header.Fault is not null)
            return false;
        return header.FileBytes == length || path.EndsWith(".bin", StringComparison.OrdinalIgnoreCase);
    }

    static ModelFormat DetectFolder(string path)
    {
        if (HuggingFaceFolder.IsAt(path))
            return ModelFormat.HuggingFace;
        if (PeftFolder.IsAt(path))
            throw new CheckpointException($"The folder {path} is a PEFT adapter, not a model.", $"Name its model with -m and plug it: --plug {path}");
        var model = Directory.EnumerateFiles(path, "*.gguf").Order(StringComparer.Ordinal).FirstOrDefault();
        throw model is null
            ? new CheckpointException($"The folder {path} has no config.json, so it is no Hugging Face model.", "Name the folder that a model was downloaded to, or a .gguf file.")
            : new CheckpointException($"The folder {path} has no config.json, but holds GGUF files.", $"Name the file: {model}");
    }

    static BrickworkException NoModel(string path)
    {
        using var file = SafetensorsCheckpoint.OpenFile(path);
        return BrickFile.FindManifest(file) is { } brick
            ? new CheckpointException($"{path} is the brick '{brick.Id}', not a model.", $"Name its model with -m and plug it: --plug {path}")
            : new UnsupportedModelException($"{path} is a safetensors file, which does not say what the model is.", "Name the folder it is in, with config.json and the tokenizer.");
    }

    static string Show(ReadOnlySpan<byte> start) => start.IsEmpty ? "nothing" : Convert.ToHexString(start[..Math.Min(start.Length, 8)]);
}
