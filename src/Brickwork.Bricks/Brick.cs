using Brickwork.Bricks.Log;
using Brickwork.Bricks.Peft;
using Brickwork.Formats.BrickFiles;
using Brickwork.Formats.Log;
using Brickwork.Kernels.Blocks;

namespace Brickwork;

/// <summary>A change of a model that can be saved, plugged and unplugged: an adapter, a control vector, whole tensors.</summary>
/// <remarks>Immutable; it keeps no file open.</remarks>
public sealed class Brick
{
    internal Brick(BrickManifest manifest, OrderedDictionary<string, Tensor> tensors) : this(manifest with { Content = StoredBrick.ContentHash(tensors) }, tensors, origin: null)
    {
    }

    // For tensors whose hash the manifest holds already.
    Brick(BrickManifest manifest, OrderedDictionary<string, Tensor> tensors, BrickOrigin? origin) => (Manifest, Tensors, Origin) = (manifest, tensors, origin);

    /// <summary>What it says about itself.</summary>
    public BrickManifest Manifest { get; }

    /// <summary>The name under which it is plugged and unplugged.</summary>
    public string Id => Manifest.Id;

    /// <summary>What it does.</summary>
    public BrickKind Kind => Manifest.Kind;

    /// <summary>How many values were, or can be, trained.</summary>
    public long Parameters => Tensors.Where(entry => BrickTensors.IsTrained(entry.Key)).Sum(entry => entry.Value.Shape.Count);

    /// <summary>Bytes of its tensors.</summary>
    public long Bytes => Tensors.Values.Sum(tensor => tensor.Bytes);

    /// <summary>The largest rank of its factors; null where it has none.</summary>
    public int? Rank
    {
        get
        {
            int[] ranks = [.. Tensors.Where(entry => entry.Key.EndsWith(BrickTensors.LoraUp, StringComparison.Ordinal)).Select(entry => entry.Value.Columns)];
            return ranks.Length > 0 ? ranks.Max() : null;
        }
    }

    internal OrderedDictionary<string, Tensor> Tensors { get; }

    /// <summary>The files it was opened from; null where it was made in memory.</summary>
    internal BrickOrigin? Origin { get; }

    /// <summary>What the log of an operation says of it as an input.</summary>
    internal LoggedSource AsSource => new(Origin is { IsChanged: false } origin ? origin.Brick : new LoggedInput("brick", Id, null, 0), Manifest.Log);

    /// <summary>The same under the name that a recipe gives it.</summary>
    internal LoggedSource SourceAs(string name) => AsSource with { Input = AsSource.Input with { Name = name } };

    /// <summary>Opens a brick file, an adapter or control vector in GGUF, or a PEFT folder.</summary>
    /// <param name="path">The file or folder.</param>
    /// <param name="model">The model it is for; PEFT folders need one, because their names and the order of their rows are those of its family.</param>
    /// <exception cref="CheckpointException">It is missing, damaged, or does not fit the model.</exception>
    /// <exception cref="UnsupportedModelException">It is of a kind, or asks for an option, that this version does not have; or a PEFT folder comes without a model.</exception>
    public static Brick Open(string path, LanguageModel? model = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (Directory.Exists(path))
            return OpenFolder(path, model);
        return CheckpointFile.Detect(path) switch
        {
            ModelFormat.Safetensors => Of(BrickFile.Read(path), BrickOrigin.Of(path, isBrickFile: true)),
            ModelFormat.Gguf => Of(GgufAdapter.Read(path), BrickOrigin.Of(path)),
            _ => throw new CheckpointException($"{path} is a model; expected a .brick file, an adapter or control vector in GGUF, or a PEFT folder.", "Name the model with -m."),
        };
    }

    /// <summary>Writes a brick file.</summary>
    /// <exception cref="CheckpointException">The file exists and may not be replaced, or cannot be written.</exception>
    public void Save(string path, SaveOptions? options = null) => BrickFile.Write(path, Stored(BrickLog.OwnForm), options);

    /// <summary>Writes an adapter or control vector as llama.cpp reads it. Of QLoRA the factors only: see <see cref="BrickConversion.BaseShift"/>.</summary>
    /// <param name="path">Ends in <c>.gguf</c>.</param>
    /// <param name="model">The model it is for.</param>
    /// <param name="options">What to do where the file exists, and whether other parents are allowed.</param>
    /// <exception cref="CheckpointException">The file exists and may not be replaced, or cannot be written; or the brick is for another model.</exception>
    /// <exception cref="UnsupportedModelException">GGUF has no form for this brick.</exception>
    public void SaveGguf(string path, LanguageModel model, BrickSaveOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        BrickPlugging.RequireParent(model, this, options?.AnyParent ?? false);
        GgufAdapter.Write(path, Stored(BrickLog.GgufForm, model), model.Config.Family, model.Config.Layers, options?.Plain);
    }

    /// <summary>Writes a folder as PEFT loads it. Of QLoRA the factors only: see <see cref="BrickConversion.BaseShift"/>.</summary>
    /// <param name="path">The new folder.</param>
    /// <param name="model">The model it is for.</param>
    /// <param name="options">What to do where the folder exists, and whether other parents are allowed.</param>
    /// <exception cref="CheckpointException">The folder exists and may not be replaced, or cannot be written; or the brick is for another model.</exception>
    /// <exception cref="UnsupportedModelException">PEFT has no form for this brick, or the model none in Hugging Face's vocabulary.</exception>
    public void SavePeft(string path, LanguageModel model, BrickSaveOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        BrickPlugging.RequireParent(model, this, options?.AnyParent ?? false);
        PeftWriting.Write(path, this, model, Stored(BrickLog.PeftForm, model).Manifest, options?.Plain);
    }

    /// <summary>The same brick with another description.</summary>
    public Brick Describe(Func<BrickManifest, BrickManifest> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        return new Brick(change(Manifest) with { Content = Manifest.Content }, Tensors, origin: null);
    }

    /// <summary>The same brick under terms of its own; where it came from a file, the log of what is written of it tells so.</summary>
    /// <param name="licence">The terms, such as <c>MIT</c>.</param>
    public Brick UnderLicence(string licence)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(licence);
        return new Brick(Manifest with { Licence = licence }, Tensors, Origin is { } origin ? origin with { Licence = licence } : null);
    }

    /// <summary>The same brick in another storage type; single factors and signs stay as they are. Factors in 16 bits are used as they are stored, which takes half the reading. Where it came from a file, the log of what is written of it tells so.</summary>
    /// <param name="type">F32, F16 or BF16.</param>
    /// <exception cref="ArgumentException">It is another type.</exception>
    public Brick As(DType type)
    {
        if (type is not (DType.F32 or DType.F16 or DType.BF16))
            throw new ArgumentException($"A brick cannot be stored as {type}; expected F32, F16 or BF16.", nameof(type));
        var tensors = new OrderedDictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (var (name, tensor) in Tensors)
            tensors.Add(name, tensor.Type == type || tensor.Type == DType.I8 || tensor.Shape.Count == 1 ? tensor : Narrowed(tensor.ToFloats(), type));
        return new Brick(Manifest, tensors).From(Origin is { } origin ? origin with { Types = [.. origin.Types, type] } : null);
    }

    /// <summary>The same brick as a log knows it, to be written by that operation once more.</summary>
    internal Brick Again(string id, LoggedOperation operation) =>
        new(Manifest with { Id = id }, Tensors, (Origin ?? throw new InvalidOperationException("The brick was not opened from files.")) with { Operation = operation });

    /// <summary>The same brick as it is found in files.</summary>
    internal Brick From(BrickOrigin? origin) => new(Manifest, Tensors, origin);

    /// <inheritdoc/>
    public override string ToString() => $"{Id} ({Kind}, {Parameters} parameters)";

    static Tensor Narrowed(Tensor values, DType type)
    {
        var narrow = Tensor.Zeros(type, values.Shape);
        for (var row = 0; row < values.Rows; row++)
            Quantizer.Run(type, values.Row(row), narrow.RowSpan(row, 1));
        return narrow;
    }

    static Brick Of(StoredBrick stored, BrickOrigin origin) => new(stored.Manifest, stored.Tensors, origin with { Family = stored.Family, Layers = stored.Layers });

    StoredBrick Stored(string form, LanguageModel? model = null) =>
        new(Manifest with { Id = BrickId.Check(Id, "to be written"), Log = BrickLog.Of(this, form, model) }, Tensors);

    static Brick OpenFolder(string path, LanguageModel? model)
    {
        if (!PeftFolder.IsAt(path))
            throw new CheckpointException($"The folder {path} has no adapter_config.json, so it is no PEFT adapter.",
                Directory.EnumerateDirectories(path).Where(PeftFolder.IsAt).Order(StringComparer.Ordinal).ToList() is { Count: > 0 } inside
                    ? $"It holds adapters in folders of their own; name one of them: {string.Join(", ", inside)}" : "Name the folder that PEFT has saved, or a .brick or .gguf file.");
        return model is null
            ? throw new UnsupportedModelException($"{path} is a PEFT folder, whose names and row order depend on the model.", "Give the model it was trained for: -m MODEL.")
            : PeftReading.Read(PeftFolder.Read(path), model).From(BrickOrigin.Of(path, model));
    }
}
