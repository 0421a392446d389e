namespace Brickwork.Formats.BrickFiles;

/// <summary>LoRA adapters and control vectors in GGUF, as llama.cpp reads and writes them.</summary>
/// <remarks>
/// llama.cpp knows one α for all factors, so that rank-stabilized factors and patterns would be lost: they are written multiplied into
/// B, with α = rank, or with α = 0 (no scale at all) where ranks differ.
/// </remarks>
static class GgufAdapter
{
    const string TypeKey = "general.type", AdapterKey = "adapter.type", AlphaKey = "adapter.lora.alpha", InvocationKey = "adapter.alora.invocation_tokens";
    const string ArchitectureKey = "general.architecture", LicenceKey = "general.license", VectorArchitecture = "controlvector", HintKey = "controlvector.model_hint", LayersKey = "controlvector.layer_count";

    /// <summary>Whether a file is an adapter or a control vector instead of a model.</summary>
    public static bool Is(Metadata metadata) =>
        metadata.TryText(TypeKey) == "adapter" || metadata.TryText(ArchitectureKey) == VectorArchitecture;

    /// <summary>α of a LoRA adapter; null of others.</summary>
    public static float? TryAlpha(Metadata metadata) => metadata.TryText(AdapterKey) == "lora" ? metadata.TryFloat(AlphaKey) : null;

    /// <exception cref="CheckpointException">The file is damaged, or no adapter.</exception>
    /// <exception cref="UnsupportedModelException">It is an adapter of a kind that this version does not have.</exception>
    public static StoredBrick Read(string path)
    {
        using var file = GgufCheckpoint.OpenFile(path);
        var id = Path.GetFileNameWithoutExtension(path);
        if (file.Metadata.TryText(ArchitectureKey) == VectorArchitecture)
            return ReadVector(file, id);
        if (!Is(file.Metadata))
            throw new CheckpointException($"{path} is a model (general.type is '{file.Metadata.TryText(TypeKey) ?? "not said"}'); expected an adapter or a control vector.", "Name the model with -m.");
        if (file.Metadata.TryText(AdapterKey) is not "lora" and var type)
            throw new UnsupportedModelException($"{path} is an adapter of the type '{type}'; this version reads 'lora'.", "Convert it to LoRA.");
        if (file.Metadata.Contains(InvocationKey))
            throw new UnsupportedModelException($"{path} works only behind certain tokens ({InvocationKey}), which this version does not do.", "Train it again as a plain LoRA.");
        return ReadLora(file, id);
    }

    /// <summary>Writes LoRA factors or a control vector.</summary>
    /// <param name="path">Ends in <c>.gguf</c>.</param>
    /// <param name="brick">What is written.</param>
    /// <param name="architecture">That of the model, such as <c>llama</c>.</param>
    /// <param name="layers">Layers of the model.</param>
    /// <param name="options">What to do where the file exists.</param>
    /// <exception cref="UnsupportedModelException">GGUF has no form for this brick.</exception>
    public static void Write(string path, StoredBrick brick, string architecture, int layers, SaveOptions? options = null)
    {
        var metadata = new Metadata(path);
        var tensors = brick.Manifest.Kind switch
        {
            BrickKind.Lora or BrickKind.QLora => DescribeLora(brick, architecture, metadata),
            BrickKind.ControlVector => DescribeVector(brick, architecture, layers, metadata),
            _ => throw new UnsupportedModelException($"Brick '{brick.Manifest.Id}' is of the kind {brick.Manifest.Kind}; GGUF has LoRA and control vectors only.", "Keep it as a .brick file."),
        };
        if (brick.Manifest.Licence is { } licence)
            metadata.Set(LicenceKey, licence);
        foreach (var (key, value) in CarriedManifest.Of(brick.Manifest))
            metadata.Set(key, value);
        OperationLog.Write(metadata, brick.Manifest.Log);
        using var writer = GgufWriter.Create(path, metadata, [.. tensors.Select(entry => new TensorInfo(entry.Key, entry.Value.Type, entry.Value.Shape))], options);
        foreach (var (name, tensor) in tensors)
            writer.Write(name, tensor);
        writer.Complete();
    }

    static StoredBrick ReadVector(GgufCheckpoint file, string id)
    {
        var tensors = StoredBrick.Copy(file);
        if (tensors.Keys.FirstOrDefault(name => BrickTensors.Split(name) is not (_, BrickTensors.Direction)) is { } unknown)
            throw new CheckpointException($"Tensor '{unknown}' in {file.Source} is no direction; expected direction.1, direction.2, …", "The file is damaged, or no control vector.");
        return new StoredBrick(ManifestOf(file, id, BrickKind.ControlVector, tensors) with { Granularity = "layer" }, tensors)
        {
            Family = file.Metadata.TryText(HintKey),
            // Layer 0 is never steered and not counted.
            Layers = file.Metadata.TryInt(LayersKey) + 1,
        };
    }

    static StoredBrick ReadLora(GgufCheckpoint file, string id)
    {
        var tensors = StoredBrick.Copy(file);
        var alpha = file.Metadata.Float(AlphaKey);
        foreach (var name in tensors.Keys.ToList())
        {
            if (BrickTensors.Split(name) is not (var target, BrickTensors.LoraDown or BrickTensors.LoraUp))
                throw new CheckpointException($"Tensor '{name}' in {file.Source} is no factor of LoRA; expected TENSOR.lora_a or TENSOR.lora_b.", "The file is damaged, or no adapter.");
            if (!tensors.TryGetValue(target + BrickTensors.LoraUp, out var up) || !tensors.ContainsKey(target + BrickTensors.LoraDown))
                throw new CheckpointException($"Tensor '{name}' in {file.Source} has no counterpart; expected lora_a and lora_b of '{target}'.", "Convert the adapter again.");
            if (alpha != 0 && alpha != up.Columns)
                tensors[target + BrickTensors.LoraFactor] = Tensor.From([alpha / up.Columns], 1);
        }
        return new StoredBrick(ManifestOf(file, id, BrickKind.Lora, tensors), tensors) { Family = file.Metadata.TryText(ArchitectureKey) };
    }

    static BrickManifest ManifestOf(GgufCheckpoint file, string id, BrickKind kind, OrderedDictionary<string, Tensor> tensors) => CarriedManifest.Into(new()
    {
        Id = id,
        Kind = kind,
        Slots = [.. tensors.Keys.Select(name => BrickTensors.Split(name)!.Value.Target).Distinct()],
        Content = StoredBrick.ContentHash(tensors),
        Provenance = file.Metadata.TryText("general.name"),
        Licence = file.Metadata.TryText(LicenceKey),
        Log = OperationLog.Of(file.Metadata),
    }, file.Metadata, file.Source);

    static OrderedDictionary<string, Tensor> DescribeVector(StoredBrick brick, string architecture, int layers, Metadata metadata)
    {
        metadata.Set(ArchitectureKey, VectorArchitecture);
        metadata.Set(HintKey, architecture);
        metadata.Set(LayersKey, (uint)(layers - 1));
        if (brick.Tensors.ContainsKey(BrickTensors.Direction + "0"))
            throw new UnsupportedModelException($"Brick '{brick.Manifest.Id}' has a direction for layer 0, which llama.cpp never steers.", "Keep it as a .brick file.");
        return brick.Tensors;
    }

    static OrderedDictionary<string, Tensor> DescribeLora(StoredBrick brick, string architecture, Metadata metadata)
    {
        var tensors = new OrderedDictionary<string, Tensor>(StringComparer.Ordinal);
        var ranks = new HashSet<int>();
        foreach (var (name, tensor) in brick.Tensors)
        {
            var (target, role) = BrickTensors.Split(name)!.Value;
            if (role is BrickTensors.LoraFactor)
                continue;
            if (role is not (BrickTensors.LoraDown or BrickTensors.LoraUp) || !target.EndsWith(".weight", StringComparison.Ordinal))
                throw new UnsupportedModelException($"Brick '{brick.Manifest.Id}' holds '{name}', for which GGUF has no form.", "Keep it as a .brick file, or write a PEFT folder.");
            tensors.Add(name, role == BrickTensors.LoraUp ? Scaled(tensor, brick.Tensors, target) : tensor);
            if (role == BrickTensors.LoraUp)
                ranks.Add(tensor.Columns);
        }
        metadata.Set("general.type", "adapter");
        metadata.Set(ArchitectureKey, architecture);
        metadata.Set("general.name", brick.Manifest.Id);
        metadata.Set(AdapterKey, "lora");
        metadata.Set(AlphaKey, ranks.Count == 1 ? (float)ranks.Single() : 0f);
        return tensors;
    }

    static Tensor Scaled(Tensor up, OrderedDictionary<string, Tensor> all, string target)
    {
        if (!all.TryGetValue(target + BrickTensors.LoraFactor, out var stored))
            return up;
        var (scaled, factor) = (up.ToFloats(), stored.ToFloats().Floats[0]);
        foreach (ref var value in scaled.Floats)
            value *= factor;
        return scaled;
    }
}
