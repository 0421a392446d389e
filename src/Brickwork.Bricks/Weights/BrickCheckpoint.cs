using Brickwork.Bricks.Plug;
using Brickwork.Formats.BrickFiles;
using Brickwork.Kernels.Blocks;
using Brickwork.Models.Parts.Adapters;

namespace Brickwork.Bricks.Weights;

/// <summary>The tensors of a model with a brick worked into them, or out of them again; each is made when it is opened.</summary>
/// <remarks>Sums are F32 and rounded once, to the type that the tensor is stored in; quantized tensors become F16, because rounding them anew would cost more than the brick.</remarks>
sealed class BrickCheckpoint : Checkpoint
{
    readonly LanguageModel _model;
    readonly Brick _brick;
    readonly float _strength;
    readonly Dictionary<string, TensorInfo> _changed = new(StringComparer.Ordinal);
    readonly ILookup<string, string> _targets;
    readonly TargetIndex _index;
    readonly IDisposable? _owned;

    /// <param name="model">The model, which must stay open.</param>
    /// <param name="brick">LoRA, or (IA)³.</param>
    /// <param name="strength">How strongly; a negative one takes LoRA out again.</param>
    /// <param name="owned">Closed with this checkpoint.</param>
    /// <exception cref="UnsupportedModelException">The brick cannot be a change of weights.</exception>
    public BrickCheckpoint(LanguageModel model, Brick brick, float strength, IDisposable? owned = null)
    {
        _owned = owned;
        (_model, _brick, _strength, _index) = (model, brick, strength, new TargetIndex(model));
        if (brick.Kind is not (BrickKind.Lora or BrickKind.Dora))
            throw new UnsupportedModelException($"Brick '{brick.Id}' is of the kind {brick.Kind}, which is no sum of weights; LoRA and DoRA are.", "Keep it plugged: --plug.");
        _targets = brick.Tensors.Keys.Select(name => BrickTensors.Split(name)!.Value.Target).Distinct().ToLookup(TensorOf, StringComparer.Ordinal);
        foreach (var info in model.Tensors)
            if (_targets.Contains(info.Name))
                _changed[info.Name] = info with { Type = info.Type.IsPlain() ? info.Type : DType.F16 };
        // Checks every shape.
        _ = new BrickParts(brick, model).Plan();
        if (brick.Kind == BrickKind.Dora && strength < 0)
            throw new UnsupportedModelException($"Brick '{brick.Id}' is DoRA: the norms it divides by cannot be found again.", "Keep the model from before.");
    }

    public LanguageModel Model => _model;

    public Brick Brick => _brick;

    public override string Source => $"{_model.Checkpoint.Source} with {_brick.Id}";

    public override Metadata Metadata => _model.Checkpoint.Metadata;

    public override IReadOnlyList<TensorInfo> Tensors => [.. _model.Tensors.Select(info => _changed.GetValueOrDefault(info.Name, info))];

    public override bool Contains(string name) => _model.Checkpoint.Contains(name);

    public override Tensor Open(string name)
    {
        var stored = _model.Checkpoint.Open(name);
        if (!_changed.TryGetValue(name, out var info))
            return stored;
        var sum = stored.ToFloats();
        foreach (var target in _targets[name])
            Change(target, sum);
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

    string TensorOf(string target)
    {
        var tensor = target == TargetIndex.Tokens || _model.Checkpoint.Contains(target) ? target : _index.Find(target) is [{ Part.Origin: { } origin }, ..] ? origin.Tensor : target;
        if (target == TargetIndex.Head && !_model.Checkpoint.Contains(target))
            throw new UnsupportedModelException($"Brick '{_brick.Id}' changes the head, which {_model.Config.Name} shares with its embedding.", "Keep it plugged: --plug.");
        if (target == TargetIndex.Tokens && !_model.Checkpoint.Contains(TargetIndex.Head))
            throw new UnsupportedModelException($"Brick '{_brick.Id}' changes the embedding, which {_model.Config.Name} shares with its head.", "Keep it plugged: --plug.");
        return tensor;
    }

    void Change(string target, Tensor sum)
    {
        if (_brick.Tensors.TryGetValue(target + BrickTensors.Whole, out var whole))
            whole.ToFloats().Floats.CopyTo(sum.Floats);
        if (!_brick.Tensors.ContainsKey(target + BrickTensors.LoraUp))
            return;
        var factor = _brick.FactorOf(target);
        var (down, up) = (_brick.Open(target + BrickTensors.LoraDown).ToFloats(), _brick.Open(target + BrickTensors.LoraUp).ToFloats());
        if (target == TargetIndex.Tokens)
            AddLowRank(sum, 0, BrickReader.Transposed(up), down, factor * _strength);
        else if (_brick.Tensors.ContainsKey(target + BrickTensors.Magnitude))
            Dora(target, sum, down, up, factor);
        else
            AddLowRank(sum, _index.Find(target) is [var only] ? only.FirstRow : 0, down, up, factor * _strength);
    }

    /// <summary>sum += s·BA; of a stack of experts, each with its own factors.</summary>
    static void AddLowRank(Tensor sum, int firstRow, Tensor down, Tensor up, float factor)
    {
        var (rank, perExpert) = (up.Columns, down.Shape.Rank == 3 ? up.Rows / (down.Rows / up.Columns) : up.Rows);
        for (var row = 0; row < up.Rows; row++)
            for (var index = 0; index < rank; index++)
            {
                var (share, direction) = (factor * up.Row(row)[index], row / perExpert * rank + index);
                AddTo(sum.Row(firstRow + row), down.Row(direction), share);
            }
    }

    static void AddTo(Span<float> sum, ReadOnlySpan<float> direction, float share)
    {
        for (var column = 0; column < sum.Length; column++)
            sum[column] += share * direction[column];
    }

    /// <summary>W + strength · (m ⊙ (W + s·BA)/‖W + s·BA‖ − W).</summary>
    void Dora(string target, Tensor sum, Tensor down, Tensor up, float factor)
    {
        var magnitudes = _brick.Open(target + BrickTensors.Magnitude).ToFloats();
        if (_index.Find(target) is not [var projection])
            throw new UnsupportedModelException($"Brick '{_brick.Id}' is DoRA of '{target}', which several parts share.", "Keep it plugged: --plug.");
        var norms = DoraLinear.Norms(_model.Compute, projection.Part, down, up, factor);
        var before = sum.Copy();
        AddLowRank(sum, projection.FirstRow, down, up, factor);
        for (var row = 0; row < norms.Length; row++)
        {
            var (now, was) = (projection.FirstRow + row, magnitudes.Floats[row] / norms[row]);
            for (var column = 0; column < sum.Columns; column++)
                sum.Row(now)[column] = before.Row(now)[column] + _strength * (was * sum.Row(now)[column] - before.Row(now)[column]);
        }
    }
}
