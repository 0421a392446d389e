using Brickwork.Bricks.Plug;
using Brickwork.Formats.BrickFiles;

namespace Brickwork.Bricks.Peft;

/// <summary>Turns an adapter of PEFT into a brick for a model: names, order of rows, and factors.</summary>
sealed class PeftReading
{
    readonly PeftFolder _folder;
    readonly PeftNames _names;
    readonly OrderedDictionary<string, Tensor> _tensors = new(StringComparer.Ordinal);

    PeftReading(PeftFolder folder, LanguageModel model) => (_folder, _names) = (folder, new PeftNames(model));

    /// <exception cref="CheckpointException">The adapter does not fit the model, or its factors do not fit its settings.</exception>
    /// <exception cref="UnsupportedModelException">It changes something that this version cannot change.</exception>
    public static Brick Read(PeftFolder folder, LanguageModel model)
    {
        var reading = new PeftReading(folder, model);
        reading.TakeAll(model);
        return new Brick(CarriedManifest.Into(new BrickManifest
        {
            Id = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder.Path))),
            Kind = reading.Kind,
            Slots = [.. reading._tensors.Keys.Select(name => BrickTensors.Split(name)!.Value.Target).Distinct()],
            Provenance = folder.Config.BaseModel is { } original ? $"PEFT adapter of {original}" : "PEFT adapter",
            Log = OperationLog.Of(folder.Texts),
        }, folder.Texts, folder.Path), reading._tensors);
    }

    BrickKind Kind => _folder.Config.Type switch
    {
        "IA3" => BrickKind.Ia3,
        PeftFolder.Prompt => BrickKind.Prompt,
        PeftFolder.Prefix => BrickKind.Prefix,
        _ when _folder.Config.IsDora => BrickKind.Dora,
        _ => BrickKind.Lora,
    };

    void TakeAll(LanguageModel model)
    {
        if (Kind is BrickKind.Prompt or BrickKind.Prefix)
        {
            foreach (var (name, tensor) in new PeftVirtual(model).Read(_folder))
                _tensors.Add(name, tensor);
            return;
        }
        foreach (var tensor in _folder.Tensors)
            Take(tensor);
        Check();
    }

    void Take(PeftTensor tensor)
    {
        switch (tensor.Role)
        {
            case PeftRole.LoraDown:
                AddToAll(tensor, BrickTensors.LoraDown, tensor.Values);
                break;
            case PeftRole.LoraUp:
                CheckRank(tensor, tensor.Values.Columns);
                AddOutputs(tensor, BrickTensors.LoraUp, tensor.Values);
                AddFactor(tensor);
                break;
            case PeftRole.EmbeddingDown:
                AddToAll(tensor, BrickTensors.LoraDown, BrickReader.Transposed(tensor.Values));
                break;
            case PeftRole.EmbeddingUp:
                CheckRank(tensor, tensor.Values.Columns);
                AddToAll(tensor, BrickTensors.LoraUp, tensor.Values);
                AddFactor(tensor);
                break;
            case PeftRole.Magnitude:
                AddOutputs(tensor, BrickTensors.Magnitude, tensor.Values.Reshape(tensor.Values.Shape.Count));
                break;
            case PeftRole.Factors:
                AddFactors(tensor);
                break;
            case PeftRole.Whole:
                AddOutputs(tensor, BrickTensors.Whole, tensor.Values);
                break;
            default:
                throw new CheckpointException($"{_folder.Path} is of the type {_folder.Config.Type} and holds {tensor.Role} of '{tensor.Module}', which belongs to another type.", "Save the adapter again.");
        }
    }

    void AddFactor(PeftTensor up) =>
        AddToAll(up, BrickTensors.LoraFactor, Tensor.From([(float)_folder.Config.FactorOf(up.Module, up.Values.Columns)], 1));

    /// <summary>(IA)³ scales what feed-forward modules take, and what the others give.</summary>
    void AddFactors(PeftTensor tensor)
    {
        var isInput = _folder.Config.FeedForwardModules.Any(name => tensor.Module == name || tensor.Module.EndsWith("." + name, StringComparison.Ordinal));
        var values = tensor.Values.Reshape(tensor.Values.Shape.Count);
        if (isInput)
            AddToAll(tensor, BrickTensors.InputFactors, values);
        else
            AddOutputs(tensor, BrickTensors.OutputFactors, values);
    }

    /// <summary>The same values for every target of the module.</summary>
    void AddToAll(PeftTensor tensor, string role, Tensor values)
    {
        foreach (var target in _names.TargetsOf(tensor.Module, _folder.Path))
            _tensors[target + role] = values;
    }

    /// <summary>Values by output, in this model's order.</summary>
    void AddOutputs(PeftTensor tensor, string role, Tensor values)
    {
        foreach (var (target, ordered) in _names.TargetsOf(tensor.Module, _folder.Path).Zip(_names.FromPeft(tensor.Module, values, _folder.Path)))
            _tensors[target + role] = ordered;
    }

    void CheckRank(PeftTensor tensor, int rank)
    {
        var expected = _folder.Config.RankOf(tensor.Module);
        if (rank != expected)
            throw new CheckpointException($"B of module '{tensor.Module}' in {_folder.Path} has the rank {rank}; adapter_config.json implies {expected}.", "The two files are of different adapters: save the adapter again.");
    }

    /// <summary>Every factor needs its counterpart.</summary>
    void Check()
    {
        foreach (var name in _tensors.Keys)
        {
            var (target, role) = BrickTensors.Split(name)!.Value;
            var other = role switch { BrickTensors.LoraDown => BrickTensors.LoraUp, BrickTensors.LoraUp => BrickTensors.LoraDown, _ => role };
            if (!_tensors.ContainsKey(target + other))
                throw new CheckpointException($"{_folder.Path} holds one factor of '{target}' only; expected lora_A and lora_B.", "Save the adapter again.");
            if (_folder.Config.IsDora && role == BrickTensors.LoraUp && target != TargetIndex.Tokens && !_tensors.ContainsKey(target + BrickTensors.Magnitude))
                throw new CheckpointException($"{_folder.Path} is said to be DoRA, but '{target}' has no lora_magnitude_vector.", "Save the adapter again.");
        }
    }
}
