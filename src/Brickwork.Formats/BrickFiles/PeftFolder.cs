using System.Text.Json;
using Brickwork.Formats.Reading;
using Brickwork.Formats.Writing;

namespace Brickwork.Formats.BrickFiles;

/// <summary>What an adapter of PEFT does to one of its modules.</summary>
enum PeftRole
{
    LoraDown, LoraUp, EmbeddingDown, EmbeddingUp, Magnitude, Factors, Whole, Prompt,
}

/// <summary>One tensor of a PEFT folder.</summary>
/// <param name="Module">The module in Hugging Face's vocabulary, such as <c>model.layers.0.self_attn.q_proj</c>.</param>
/// <param name="Role">What it does there.</param>
/// <param name="Values">The values.</param>
sealed record PeftTensor(string Module, PeftRole Role, Tensor Values);

/// <summary>An adapter as PEFT saves it: <c>adapter_config.json</c> and <c>adapter_model.safetensors</c>.</summary>
/// <param name="Path">The folder.</param>
/// <param name="Config">The settings.</param>
/// <param name="Tensors">The tensors, in the order of the file.</param>
/// <param name="Texts">The texts in the header of the tensors: how the adapter came to be, where we wrote it.</param>
sealed record PeftFolder(string Path, PeftConfig Config, IReadOnlyList<PeftTensor> Tensors, Metadata Texts)
{
    const string ConfigName = "adapter_config.json", WeightsName = "adapter_model.safetensors", ModulePrefix = "base_model.model.";

    const string PromptTensor = "prompt_embeddings";

    /// <summary>Types that put tokens before a text.</summary>
    public const string Prompt = "PROMPT_TUNING", Prefix = "PREFIX_TUNING";

    static readonly (string Suffix, PeftRole Role)[] Suffixes =
    [
        (".lora_A.weight", PeftRole.LoraDown),
        (".lora_B.weight", PeftRole.LoraUp),
        (".lora_embedding_A", PeftRole.EmbeddingDown),
        (".lora_embedding_B", PeftRole.EmbeddingUp),
        (".lora_magnitude_vector", PeftRole.Magnitude),
        (".lora_magnitude_vector.weight", PeftRole.Magnitude),
        (".ia3_l", PeftRole.Factors),
        // Saved beside factors of the embedding, unchanged or not.
        (".base_layer.weight", PeftRole.Whole),
        (".weight", PeftRole.Whole),
    ];

    /// <summary>Whether a folder holds an adapter.</summary>
    public static bool IsAt(string path) => File.Exists(System.IO.Path.Combine(path, ConfigName));

    /// <exception cref="CheckpointException">A file is missing or damaged.</exception>
    /// <exception cref="UnsupportedModelException">The adapter is of a type, or asks for an option, that this version does not have.</exception>
    public static PeftFolder Read(string path)
    {
        var configPath = System.IO.Path.Combine(path, ConfigName);
        using var json = JsonFile.Read(configPath, JsonFile.SmallFile);
        var config = PeftConfig.Read(json.RootElement, configPath);
        if (config.Type is not ("LORA" or "IA3" or Prompt or Prefix))
            throw new UnsupportedModelException($"{configPath} describes an adapter of the type '{config.Type}'; this version reads LORA, IA3, {Prompt} and {Prefix}.",
                "Merge it into its model with the library it comes from.");
        using var file = SafetensorsCheckpoint.OpenFile(System.IO.Path.Combine(path, WeightsName));
        var tensors = StoredBrick.Copy(file).Select(entry => Name(entry.Key, entry.Value, file.Source)).ToList();
        return tensors.Count > 0 ? new PeftFolder(path, config, tensors, file.Metadata)
            : throw new CheckpointException($"{file.Source} holds no tensors; expected factors of an adapter.", "Save the adapter again.");
    }

    /// <summary>Writes an adapter as PEFT would; the folder appears when it is complete.</summary>
    /// <param name="path">The new folder.</param>
    /// <param name="config">Writes the entries of the settings.</param>
    /// <param name="tensors">The tensors.</param>
    /// <param name="manifest">What the brick says about itself; its tensors are the ones given.</param>
    /// <param name="options">What to do where the folder exists.</param>
    /// <exception cref="CheckpointException">The folder exists and may not be replaced, or cannot be written.</exception>
    public static void Write(string path, Action<Utf8JsonWriter> config, IReadOnlyList<PeftTensor> tensors, BrickManifest manifest, SaveOptions? options = null)
    {
        using var folder = new AtomicFolder(path, (options ?? new SaveOptions()).Existing);
        File.WriteAllBytes(System.IO.Path.Combine(folder.WorkPath, ConfigName), JsonWriting.Bytes(config, new JsonWriterOptions { Indented = true }));
        var infos = tensors.Select(tensor => new TensorInfo(NameOf(tensor), tensor.Values.Type, tensor.Values.Shape)).ToList();
        var texts = OperationLog.TextsOf(manifest.Log);
        foreach (var (key, value) in CarriedManifest.Of(manifest))
            texts[key] = value;
        using (var writer = SafetensorsWriter.Create(System.IO.Path.Combine(folder.WorkPath, WeightsName), texts, infos))
        {
            foreach (var tensor in tensors)
                writer.Write(NameOf(tensor), tensor.Values);
            writer.Complete();
        }
        folder.Commit();
    }

    static string NameOf(PeftTensor tensor) => tensor.Role == PeftRole.Prompt ? PromptTensor :
        ModulePrefix + tensor.Module + (tensor.Role == PeftRole.Whole ? ".weight" : Suffixes.First(entry => entry.Role == tensor.Role).Suffix);

    static PeftTensor Name(string name, Tensor values, string source)
    {
        if (name == PromptTensor)
            return new PeftTensor("", PeftRole.Prompt, values);
        if (name.StartsWith(ModulePrefix, StringComparison.Ordinal))
            foreach (var (suffix, role) in Suffixes)
                if (name.EndsWith(suffix, StringComparison.Ordinal))
                    return new PeftTensor(name[ModulePrefix.Length..^suffix.Length], role, values);
        throw new UnsupportedModelException($"Tensor '{name}' in {source} has no meaning known here; expected {ModulePrefix}MODULE.lora_A.weight and the like.",
            "Left out, the adapter would compute something else. Merge it into its model with the library it comes from.");
    }
}
