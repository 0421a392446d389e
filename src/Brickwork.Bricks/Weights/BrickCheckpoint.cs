using Brickwork.Bricks.Plug;
using Brickwork.Kernels.Blocks;

namespace Brickwork.Bricks.Weights;

/// <summary>The tensors of a model with a brick worked into them, or out of them again; each is made when it is opened.</summary>
/// <remarks>Sums are F32 and rounded once, to the type that the tensor is stored in; quantized tensors become F16, because rounding them anew would cost more than the brick.</remarks>
sealed class BrickCheckpoint : Checkpoint
{
    readonly Dictionary<string, TensorInfo> _changed = new(StringComparer.Ordinal);
    readonly ILookup<string, Action<Tensor>> _changes;
    readonly IDisposable? _owned;

    /// <param name="model">The model, which must stay open.</param>
    /// <param name="brick">A change of weights.</param>
    /// <param name="strength">How strongly.</param>
    /// <param name="direction">Into the weights, or out of them again.</param>
    /// <param name="owned">Closed with this checkpoint.</param>
    /// <exception cref="UnsupportedModelException">The brick cannot be a change of weights, or none that can be undone.</exception>
    /// <exception cref="RecipeException">The strength is no finite number.</exception>
    public BrickCheckpoint(LanguageModel model, Brick brick, float strength, WeightDirection direction = WeightDirection.Into, IDisposable? owned = null)
    {
        (Model, Brick, Strength, Direction, _owned) = (model, brick, strength, direction, owned);
        if (!float.IsFinite(strength))
            throw new RecipeException($"Brick '{brick.Id}' is asked for at strength {strength}; expected a finite number.", "Give a strength such as 0.5.");
        if (brick.Kind is not (BrickKind.Lora or BrickKind.Dora or BrickKind.Ia3 or BrickKind.BitFit or BrickKind.BitDelta or BrickKind.Whole))
            throw new UnsupportedModelException($"Brick '{brick.Id}' is of the kind {brick.Kind}, which is no change of weights; LoRA, DoRA, (IA)³, BitFit, BitDelta and whole tensors are.", "Keep it plugged: --plug.");
        if (brick.Kind == BrickKind.Dora && direction == WeightDirection.OutOf)
            throw new UnsupportedModelException($"Brick '{brick.Id}' is DoRA: the norms it divides by cannot be found again.", "Keep the model from before.");
        // Checks every shape.
        _ = new BrickParts(brick, model).Plan();
        _changes = new BrickChanges(model, brick, strength, direction).Find();
        foreach (var info in model.Tensors)
            if (_changes.Contains(info.Name))
                _changed[info.Name] = info with { Type = info.Type.IsPlain() ? info.Type : DType.F16 };
    }

    public LanguageModel Model { get; }

    public Brick Brick { get; }

    public float Strength { get; }

    public WeightDirection Direction { get; }

    public override string Source => $"{Model.Checkpoint.Source} {(Direction == WeightDirection.Into ? "with" : "without")} {Brick.Id}";

    public override Metadata Metadata => Model.Checkpoint.Metadata;

    public override IReadOnlyList<TensorInfo> Tensors => [.. Model.Tensors.Select(info => _changed.GetValueOrDefault(info.Name, info))];

    public override bool Contains(string name) => Model.Checkpoint.Contains(name);

    public override Tensor Open(string name)
    {
        var stored = Model.Checkpoint.Open(name);
        if (!_changed.TryGetValue(name, out var info))
            return stored;
        var sum = stored.ToFloats();
        foreach (var change in _changes[name])
            change(sum);
        var result = Tensor.Zeros(info.Type, stored.Shape);
        for (var row = 0; row < sum.Rows; row++)
            Quantizer.Run(info.Type, sum.Row(row), result.RowSpan(row, 1));
        return result;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _owned?.Dispose();
    }
}
