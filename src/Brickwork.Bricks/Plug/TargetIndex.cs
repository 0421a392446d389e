using Brickwork.Models.Parts;
using Brickwork.Models.Parts.Adapters;
using Brickwork.Models.Slots;

namespace Brickwork.Bricks.Plug;

/// <summary>A projection of a model and where it stands.</summary>
/// <param name="Name">The name of its slot where no brick is plugged.</param>
/// <param name="Slot">The outermost slot: what bricks have put around the projection stands in it, too.</param>
/// <param name="Part">The projection.</param>
sealed record Projection(string Name, SlotPath Slot, Linear Part)
{
    /// <summary>The first of its rows in the model's tensor.</summary>
    public int FirstRow => Part.Origin?.FirstRow ?? 0;

    public int Rows => Part.Weight.Rows;

    public int Inputs => Part.Weight.Columns;
}

/// <summary>The projections of a model, by the tensors they are made of and by slot.</summary>
sealed class TargetIndex
{
    public const string Head = "output.weight", Tokens = "token_embd.weight";

    readonly Dictionary<string, List<Projection>> _byTensor = new(StringComparer.Ordinal);
    readonly Dictionary<string, Projection> _bySlot = new(StringComparer.Ordinal);
    readonly Dictionary<string, SlotPath> _slots = new(StringComparer.Ordinal);

    public TargetIndex(LanguageModel model)
    {
        Model = model;
        foreach (var (path, part) in PartTree.Walk(model.Decoder))
        {
            // Parents come first, so that the first slot of a name is the outermost.
            var name = Adapter.PlainName(path).Text;
            _slots.TryAdd(name, path);
            if (part is Linear linear && !_bySlot.ContainsKey(name))
                Add(new Projection(name, _slots[name], linear));
        }
    }

    public LanguageModel Model { get; }

    /// <summary>The projections made of a tensor, or the one in a slot; none where there is neither.</summary>
    public IReadOnlyList<Projection> Find(string target)
    {
        if (_byTensor.TryGetValue(target, out var parts))
            return parts;
        return _bySlot.TryGetValue(target, out var part) ? [part] : [];
    }

    /// <summary>The same for a brick that needs one.</summary>
    /// <exception cref="CheckpointException">There is neither.</exception>
    public IReadOnlyList<Projection> Require(string target, Brick brick) => Find(target) is { Count: > 0 } found ? found : throw NotFound(target, brick.Id);

    /// <summary>The name under which a brick keeps what it does to a projection: the tensor's where it is one tensor, the slot's elsewhere.</summary>
    public string NameOf(Projection projection) =>
        projection.Part.Origin is { } origin && _byTensor.TryGetValue(origin.Tensor, out var parts) && parts.Count == 1 && origin.FirstRow == 0 ? origin.Tensor
        : IsHead(projection) ? Head
        : projection.Name;

    /// <summary>The outermost slot of a name; null where there is none.</summary>
    public SlotPath? SlotOf(string name) => _slots.TryGetValue(name, out var slot) ? slot : default(SlotPath?);

    /// <summary>What to say where a target is neither.</summary>
    public CheckpointException NotFound(string target, string brick) => new(
        $"Brick '{brick}' changes '{target}', but {Model.Config.Name} ({Model.Config.Family}, {Model.Config.Layers} layers) has no such tensor or slot.",
        "The brick is for another model. List what this one has: brick inspect --slots, or --tensors");

    void Add(Projection projection)
    {
        _bySlot.Add(projection.Name, projection);
        var tensor = projection.Part.Origin?.Tensor;
        // A head that shares the embedding's tensor is a target of its own.
        if (IsHead(projection))
            tensor = Head;
        if (tensor is null)
            return;
        if (!_byTensor.TryGetValue(tensor, out var parts))
            _byTensor[tensor] = parts = [];
        parts.Add(projection);
    }

    static bool IsHead(Projection projection) => projection.Name.StartsWith("head.", StringComparison.Ordinal);
}
