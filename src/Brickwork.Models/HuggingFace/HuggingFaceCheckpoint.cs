using Brickwork.Formats.Log;
using Brickwork.Models.HuggingFace;

namespace Brickwork;

/// <summary>A model folder as Hugging Face's libraries save it, presented under the names and metadata that GGUF gives the same model.</summary>
/// <remarks>
/// Tensors that have another layout there are made when they are first opened, in the storage type of the files; all others are looked
/// at in place.
/// </remarks>
public sealed class HuggingFaceCheckpoint : Checkpoint
{
    readonly Checkpoint _files;
    readonly HuggingFaceMap _map;
    readonly CanonicalModel _model;
    readonly OrderedDictionary<string, TensorRecipe> _recipes;
    readonly Dictionary<string, Tensor> _made = new(StringComparer.Ordinal);

    HuggingFaceCheckpoint(Checkpoint files, HuggingFaceMap map, CanonicalModel model, Tokenizer? tokenizer)
    {
        (_files, _map, _model, Tokenizer) = (files, map, model, tokenizer);
        _recipes = TensorReading.Read(files, map, model);
        Tensors = [.. _recipes.Values.Select(recipe => recipe.Info)];
    }

    /// <inheritdoc/>
    public override string Source => _model.Source;

    /// <inheritdoc/>
    public override Metadata Metadata => _model.Metadata;

    /// <inheritdoc/>
    public override IReadOnlyList<TensorInfo> Tensors { get; }

    /// <summary>The folder's tokenizer, or null where it has none. It may cut text in a way for which GGUF has no name; then the metadata lack it.</summary>
    public Tokenizer? Tokenizer { get; }

    /// <summary>The <c>model_type</c>s this version reads.</summary>
    public static IReadOnlyList<string> ModelTypes => [.. HuggingFaceMaps.ModelTypes];

    /// <summary>Opens a folder.</summary>
    /// <param name="path">A folder with <c>config.json</c>, safetensors and a tokenizer.</param>
    /// <exception cref="CheckpointException">A file is missing or damaged, or the files contradict each other.</exception>
    /// <exception cref="UnsupportedModelException">The model is of a family, or asks for an option, that this version does not have.</exception>
    public static HuggingFaceCheckpoint OpenFolder(string path)
    {
        var folder = HuggingFaceFolder.Open(path);
        var (map, model) = ReadConfig(folder);
        var tokenizer = TokenizerFiles.Read(folder, model);
        var files = folder.OpenTensors();
        try
        {
            if (files.Metadata.Find(OperationLog.Key) is { } log)
                model.Metadata.Set(OperationLog.Key, log);
            return new HuggingFaceCheckpoint(files, map, model, tokenizer);
        }
        catch
        {
            files.Dispose();
            throw;
        }
    }

    /// <summary>The settings of a folder in GGUF's vocabulary.</summary>
    internal static (HuggingFaceMap Map, CanonicalModel Model) ReadConfig(HuggingFaceFolder folder)
    {
        var config = ConfigSource.Of(folder);
        var (family, map) = HuggingFaceMaps.Find(config);
        var model = new CanonicalModel(family.Architecture, new Metadata(folder.Path));
        model.Set("general.architecture", family.Architecture);
        model.Set("general.type", "model");
        model.Set("general.name", Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder.Path))));
        foreach (var setting in map.Settings)
            setting.Read(config, model);
        SentenceFiles.Read(folder, model);
        CheckSettings(config, model);
        return (map, model);
    }

    static void CheckSettings(ConfigSource config, CanonicalModel model)
    {
        if (model.TryInt("expert_used_count") > model.TryInt("expert_count"))
            throw config.Wrong("num_experts_per_tok", model.Int("expert_used_count"), $"at most {model.Int("expert_count")}, the number of experts");
        var method = config with { Root = config.Outer };
        if (method.Find("quantization_config") is { } quantized && method.TryText("quantization_config.quant_method") is not "mxfp4")
            throw config.Unsupported("quantization_config", quantized, "weights that are not quantized, and gpt-oss's mxfp4");
    }

    // The settings say how tensors of another layout are made.
    internal override IReadOnlyList<string> Files => [Path.Combine(Source, "config.json"), .. _files.Files];

    // Tokenizer and templates count as well.
    internal override ContentHash? HashContent(CancellationToken cancellation) => ContentHash.Of(Source, cancellation);

    /// <inheritdoc/>
    public override bool Contains(string name) => _recipes.ContainsKey(name);

    /// <inheritdoc/>
    public override Tensor Open(string name)
    {
        if (!_recipes.TryGetValue(name, out var recipe))
            throw TensorReading.Missing(TensorReading.DescribeMissing(name, _files, _map, _model), _model);
        if (recipe.IsView)
            return recipe.Make();
        lock (_made)
        {
            if (!_made.TryGetValue(name, out var tensor))
                _made[name] = tensor = recipe.Make();
            return tensor;
        }
    }

    /// <summary>Forgets a tensor that was made; who still holds it may go on using it.</summary>
    internal void Forget(string name)
    {
        lock (_made)
            _made.Remove(name);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (!disposing)
            return;
        lock (_made)
            _made.Clear();
        _files.Dispose();
    }
}
