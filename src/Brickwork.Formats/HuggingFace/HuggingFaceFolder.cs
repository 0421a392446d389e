using System.Text.Json;
using Brickwork.Formats.HuggingFace;
using Brickwork.Formats.Reading;
using Brickwork.Formats.Safetensors;

namespace Brickwork;

/// <summary>A model as Hugging Face's libraries save it: a folder with <c>config.json</c>, tokenizer files and safetensors.</summary>
/// <remarks>Names and settings are as in the files; families turn them into GGUF's vocabulary.</remarks>
public sealed class HuggingFaceFolder
{
    const string ConfigName = "config.json";

    HuggingFaceFolder(string path, JsonElement config)
    {
        Path = path;
        Config = config;
        TokenizerConfig = ReadOptional("tokenizer_config.json");
        GenerationConfig = ReadOptional("generation_config.json");
        SpecialTokens = ReadOptional("special_tokens_map.json");
        ChatTemplates = ChatTemplateFiles.Read(path, TokenizerConfig);
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>The object in <c>config.json</c>.</summary>
    public JsonElement Config { get; }

    /// <summary>The object in <c>tokenizer_config.json</c>, or null where there is none.</summary>
    public JsonElement? TokenizerConfig { get; }

    /// <summary>The object in <c>generation_config.json</c>, or null where there is none.</summary>
    public JsonElement? GenerationConfig { get; }

    /// <summary>The object in <c>special_tokens_map.json</c>, or null where there is none.</summary>
    public JsonElement? SpecialTokens { get; }

    /// <summary>Chat templates by name; the usual one is <c>default</c>. Empty where the model has none.</summary>
    public IReadOnlyDictionary<string, string> ChatTemplates { get; }

    /// <summary>The path of <c>tokenizer.json</c>, or null where there is none.</summary>
    public string? TokenizerPath => Find("tokenizer.json");

    /// <summary>The path of <c>tokenizer.model</c> (SentencePiece), or null where there is none.</summary>
    public string? SentencePiecePath => Find("tokenizer.model");

    /// <summary>What <c>config.json</c> calls the family, such as <c>qwen3</c>.</summary>
    /// <exception cref="CheckpointException">It does not say.</exception>
    public string ModelType => Config.TryGetProperty("model_type", out var type) && type.ValueKind == JsonValueKind.String ? type.GetString()!
        : throw new CheckpointException($"{System.IO.Path.Combine(Path, ConfigName)} has no text as model_type.", "Download config.json again, or add the family's model_type.");

    /// <summary>Whether a folder is one of these.</summary>
    public static bool IsAt(string path) => File.Exists(System.IO.Path.Combine(path, ConfigName));

    /// <summary>Opens a folder and reads its settings; tensors and vocabulary are read when asked for.</summary>
    /// <exception cref="CheckpointException">The folder or its <c>config.json</c> is missing, or a file is no JSON object.</exception>
    public static HuggingFaceFolder Open(string path)
    {
        if (!Directory.Exists(path))
            throw new CheckpointException($"The folder {path} does not exist.", "Check the path, or download the model first.");
        if (!IsAt(path))
            throw new CheckpointException($"The folder {path} has no {ConfigName}, so it is no Hugging Face model.",
                "Name the folder that a model was downloaded to, or a .gguf file.");
        return new HuggingFaceFolder(path, ReadObject(System.IO.Path.Combine(path, ConfigName)));
    }

    /// <summary>Opens the safetensors files, under the names they have there.</summary>
    /// <exception cref="CheckpointException">There are none, or one is damaged.</exception>
    /// <exception cref="UnsupportedModelException">The weights are pickled PyTorch files, or stored in an unknown type.</exception>
    public SafetensorsCheckpoint OpenTensors()
    {
        if (SafetensorsFiles.InFolder(Path) is not null)
            return SafetensorsCheckpoint.OpenFile(Path);
        var pickle = Directory.EnumerateFiles(Path, "pytorch_model*.bin").Order(StringComparer.Ordinal).FirstOrDefault();
        throw pickle is null
            ? new CheckpointException($"The folder {Path} holds no .safetensors file.", "Download the weights as well.")
            : new UnsupportedModelException($"{pickle} holds the weights as a Python pickle; expected safetensors, because a pickle can run any program.",
                "Convert it: model.save_pretrained(FOLDER, safe_serialization=True), or download a revision with safetensors.");
    }

    /// <summary>Reads <c>tokenizer.json</c>; the caller disposes it.</summary>
    /// <exception cref="CheckpointException">It is missing or no JSON.</exception>
    public JsonDocument ReadTokenizer() => JsonFile.Read(System.IO.Path.Combine(Path, "tokenizer.json"), JsonFile.LargeFile);

    /// <summary>The bytes of <c>tokenizer.json</c>, for readers that go through it once.</summary>
    /// <exception cref="CheckpointException">It is missing.</exception>
    public byte[] ReadTokenizerBytes() => JsonFile.ReadBytes(System.IO.Path.Combine(Path, "tokenizer.json"), JsonFile.LargeFile);

    string? Find(string name) => System.IO.Path.Combine(Path, name) is var path && File.Exists(path) ? path : null;

    JsonElement? ReadOptional(string name) => Find(name) is { } path ? ReadObject(path) : null;

    static JsonElement ReadObject(string path)
    {
        using var document = JsonFile.Read(path, JsonFile.SmallFile);
        return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone()
            : throw new CheckpointException($"{path} holds {document.RootElement.ValueKind}; expected a JSON object.", "Download the file again.");
    }
}
