using System.Text.Json;
using System.Text.Json.Nodes;
using Brickwork.Formats.Writing;

namespace Brickwork.Models.HuggingFace;

/// <summary>Writes a model as the folder that Hugging Face's libraries load.</summary>
static class HuggingFaceExporter
{
    /// <summary>Writes config, weights and tokenizer; the folder appears under its name when all of it is there.</summary>
    /// <param name="source">The model in GGUF's vocabulary, in plain types.</param>
    /// <param name="folder">The new folder.</param>
    /// <param name="log">How the model came to be; it stands in the header of the weights.</param>
    /// <param name="options">Size of files, and what to do where the folder exists.</param>
    /// <param name="notes">Texts that lie beside the model, by the names of their files.</param>
    /// <param name="written">Called after each tensor with its bytes.</param>
    /// <returns>How many tensors were written.</returns>
    /// <exception cref="CheckpointException">The folder exists or cannot be written, or the model is damaged.</exception>
    /// <exception cref="UnsupportedModelException">The family has no counterpart, or a setting none.</exception>
    public static int Export(PlainCheckpoint source, string folder, IReadOnlyList<LoggedOperation> log, SaveOptions options, IReadOnlyDictionary<string, string> notes, Action<TensorInfo> written)
    {
        var model = new CanonicalModel(source.Metadata.Text("general.architecture"), source.Metadata, source);
        var map = HuggingFaceMaps.Find(model);
        var tensors = TensorWriting.Write(source, map, model);
        using var output = new AtomicFolder(folder, options.Existing);
        WriteConfig(Path.Combine(output.WorkPath, "config.json"), map, model, tensors);
        TokenizerFiles.Write(output.WorkPath, model);
        SentenceFiles.Write(output.WorkPath, model);
        foreach (var (name, text) in notes)
            File.WriteAllText(Path.Combine(output.WorkPath, name), text);
        WriteTensors(Path.Combine(output.WorkPath, "model.safetensors"), tensors, log, options, written);
        output.Commit();
        return tensors.Count;
    }

    static void WriteTensors(string path, List<TensorRecipe> tensors, IReadOnlyList<LoggedOperation> log, SaveOptions options, Action<TensorInfo> written)
    {
        using var writer = SafetensorsWriter.Create(path, OperationLog.TextsOf(log), [.. tensors.Select(tensor => tensor.Info)], options);
        foreach (var recipe in tensors)
        {
            writer.Write(recipe.Info.Name, recipe.Make());
            written(recipe.Info);
        }
        writer.Complete();
    }

    static void WriteConfig(string path, HuggingFaceMap map, CanonicalModel model, List<TensorRecipe> tensors)
    {
        var config = new JsonObject { ["architectures"] = new JsonArray(map.Class), ["model_type"] = map.ModelType };
        foreach (var setting in map.Settings)
            setting.Write(model, config);
        WriteMarks(model, config);
        config["torch_dtype"] = MainType(tensors) switch
        {
            DType.F16 => "float16",
            DType.BF16 => "bfloat16",
            DType.F64 => "float64",
            _ => "float32",
        };
        using var file = File.Create(path);
        using var json = new Utf8JsonWriter(file, JsonText.Options);
        config.WriteTo(json);
    }

    static void WriteMarks(CanonicalModel model, JsonObject config)
    {
        foreach (var (name, key) in ((string, string)[])[("bos_token_id", "bos"), ("eos_token_id", "eos"), ("pad_token_id", "padding")])
            if (model.TryInt($"tokenizer.ggml.{key}_token_id") is >= 0 and var id)
                config[name] = id;
    }

    /// <summary>The type that most bytes have.</summary>
    static DType MainType(List<TensorRecipe> tensors) =>
        tensors.GroupBy(tensor => tensor.Info.Type).MaxBy(group => group.Sum(tensor => tensor.Info.Bytes))?.Key ?? DType.F32;
}
