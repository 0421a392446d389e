using Brickwork.Bricks.Plug;
using Brickwork.Formats.BrickFiles;
using Brickwork.Models.Parts.Adapters;
using Brickwork.Tensors.Weights;

namespace Brickwork.Bricks.Weights;

/// <summary>Whether a brick is worked into weights or out of them again.</summary>
enum WeightDirection { Into, OutOf }

/// <summary>What a brick does to the tensors of a model, in the order in which its parts would stand around each other.</summary>
/// <param name="model">The model.</param>
/// <param name="brick">The brick, whose shapes fit it.</param>
/// <param name="strength">How strongly.</param>
/// <param name="direction">Into the weights, or out of them in the opposite order.</param>
sealed class BrickChanges(LanguageModel model, Brick brick, float strength, WeightDirection direction)
{
    // PEFT divides by l + 1e-8 where it takes (IA)³ out; what was scaled to nothing does not come back that way.
    const double Guard = 1e-8, Nothing = 1e-6;

    readonly TargetIndex _index = new(model);

    /// <summary>+1 or −1 times the strength, of what is added.</summary>
    float Sum => direction == WeightDirection.Into ? strength : -strength;

    /// <summary>The changes of each tensor.</summary>
    /// <exception cref="UnsupportedModelException">A tensor of the brick is no change of a tensor that the model has for itself, or none that can be undone.</exception>
    /// <exception cref="RecipeException">A whole tensor is asked for at a strength between 0 and 1.</exception>
    public ILookup<string, Action<Tensor>> Find()
    {
        var changes = brick.Tensors.Keys.Select(name => BrickTensors.Split(name)!.Value).GroupBy(name => name.Target, name => name.Role)
            .OrderBy(target => target.Contains(BrickTensors.Whole) ? 0 : 1)
            .SelectMany(target => target.Distinct().OrderBy(Order).SelectMany(role => Of(target.Key, role))).ToList();
        if (direction == WeightDirection.OutOf)
            changes.Reverse();
        return changes.ToLookup(change => change.Tensor, change => change.Run, StringComparer.Ordinal);
    }

    static int Order(string role) => role switch
    {
        BrickTensors.Whole => 0,
        BrickTensors.InputFactors => 2,
        BrickTensors.OutputFactors => 3,
        BrickTensors.Shift => 4,
        _ => 1,
    };

    IEnumerable<(string Tensor, Action<Tensor> Run)> Of(string target, string role)
    {
        var tensor = TensorOf(target);
        switch (role)
        {
            case BrickTensors.Whole:
                return Whole(target, tensor);
            case BrickTensors.LoraUp or BrickTensors.DeltaSigns when Projections(target).FirstOrDefault(projection => projection.Part.Scale != 1) is { } scaled:
                throw Unsupported($"adds to '{target}', but {model.Config.Name} multiplies by {scaled.Part.Scale} what '{scaled.Name}' gives");
            case BrickTensors.LoraUp:
                return [(tensor, sum => LowRank(target, sum))];
            case BrickTensors.DeltaSigns:
                return [(tensor, sum => Signs(target, sum))];
            case BrickTensors.InputFactors:
                return [(tensor, sum => ScaleColumns(target, sum))];
            case BrickTensors.OutputFactors:
                return Projections(target).Any(projection => projection.Part.Bias is not null)
                    ? [(tensor, sum => ScaleRows(target, sum)), (BiasOf(target, tensor), bias => ScaleRows(target, AsColumn(bias)))]
                    : [(tensor, sum => ScaleRows(target, sum))];
            case BrickTensors.Shift:
                return [(BiasOf(target, tensor), bias => AddShift(target, bias))];
            // What belongs to one of the others, or to a router only.
            case BrickTensors.LoraDown or BrickTensors.LoraFactor or BrickTensors.Magnitude or BrickTensors.DeltaFactor or BrickTensors.Gate:
                return [];
            default:
                throw Unsupported($"holds '{target}{role}', which is no change of weights");
        }
    }

    string TensorOf(string target)
    {
        var tensor = target == TargetIndex.Tokens || model.Checkpoint.Contains(target) ? target : _index.Find(target) is [{ Part.Origin: { } origin }, ..] ? origin.Tensor : target;
        if (!model.Checkpoint.Contains(TargetIndex.Head) && (target is TargetIndex.Head || tensor is TargetIndex.Tokens))
            throw Unsupported(target is TargetIndex.Tokens ? $"changes the embedding, which {model.Config.Name} shares with its head" : $"changes the head, which {model.Config.Name} shares with its embedding");
        return tensor;
    }

    /// <summary>The tensor of the biases of what a target's tensor makes.</summary>
    string BiasOf(string target, string tensor)
    {
        var name = tensor.EndsWith(".weight", StringComparison.Ordinal) ? tensor[..^".weight".Length] + ".bias" : tensor;
        return model.Checkpoint.Contains(name) && Projections(target).All(projection => projection.Part.Bias is not null) ? name
            : throw Unsupported($"changes the bias of '{target}', for which {model.Config.Name} has no tensor '{name}'");
    }

    /// <summary>Where a brick's rows begin in the tensor of its target.</summary>
    int FirstRowOf(string target) => _index.Find(target) is [var only] ? only.FirstRow : 0;

    IReadOnlyList<Projection> Projections(string target) => _index.Find(target);

    IEnumerable<(string, Action<Tensor>)> Whole(string target, string tensor)
    {
        if (direction == WeightDirection.OutOf)
            throw Unsupported($"holds '{target}' whole: what stood there before cannot be found again", "Keep the model from before.");
        if (strength is not (0 or 1))
            throw new RecipeException($"Brick '{brick.Id}' is asked for at strength {strength}, but '{target}', which it holds whole, has no meaning between 0 and 1.", "Work it in at strength 1.");
        return strength == 0 ? [] : [(tensor, sum =>
        {
            var whole = brick.Open(target + BrickTensors.Whole).ToFloats();
            whole.Floats.CopyTo(sum.SliceRows(FirstRowOf(target), whole.Rows).Floats);
        })];
    }

    void LowRank(string target, Tensor sum)
    {
        var factor = brick.FactorOf(target);
        var (down, up) = (brick.Open(target + BrickTensors.LoraDown).ToFloats(), brick.Open(target + BrickTensors.LoraUp).ToFloats());
        if (target == TargetIndex.Tokens)
            AddLowRank(sum, 0, BrickReader.Transposed(up), down, factor * Sum);
        else if (brick.Tensors.ContainsKey(target + BrickTensors.Magnitude))
            Dora(target, sum, down, up, factor);
        else
            AddLowRank(sum, FirstRowOf(target), down, up, factor * Sum);
    }

    /// <summary>sum += s·BA; of a stack of experts, each with its own factors.</summary>
    static void AddLowRank(Tensor sum, int firstRow, Tensor down, Tensor up, float factor)
    {
        var (rank, perExpert) = (up.Columns, down.Shape.Rank == 3 ? up.Rows / (down.Rows / up.Columns) : up.Rows);
        for (var row = 0; row < up.Rows; row++)
            for (var index = 0; index < rank; index++)
                AddTo(sum.Row(firstRow + row), down.Row(row / perExpert * rank + index), factor * up.Row(row)[index]);
    }

    static void AddTo(Span<float> sum, ReadOnlySpan<float> direction, float share)
    {
        for (var column = 0; column < sum.Length; column++)
            sum[column] += share * direction[column];
    }

    /// <summary>W + strength · (m ⊙ (W + s·BA)/‖W + s·BA‖ − W).</summary>
    void Dora(string target, Tensor sum, Tensor down, Tensor up, float factor)
    {
        var magnitudes = brick.Open(target + BrickTensors.Magnitude).ToFloats();
        if (_index.Find(target) is not [var projection])
            throw Unsupported($"is DoRA of '{target}', which several parts share");
        var norms = DoraLinear.Norms(model.Compute, projection.Part, down, up, factor);
        var before = sum.Copy();
        AddLowRank(sum, projection.FirstRow, down, up, factor);
        for (var row = 0; row < norms.Length; row++)
        {
            var (now, was) = (projection.FirstRow + row, magnitudes.Floats[row] / norms[row]);
            for (var column = 0; column < sum.Columns; column++)
                sum.Row(now)[column] = before.Row(now)[column] + strength * (was * sum.Row(now)[column] - before.Row(now)[column]);
        }
    }

    /// <summary>sum += α·S.</summary>
    void Signs(string target, Tensor sum)
    {
        var signs = new SignMatrix(brick.Open(target + BrickTensors.DeltaSigns), sum.Columns);
        var (line, share) = (new float[sum.Columns], Sum * brick.Vector(target + BrickTensors.DeltaFactor, 1).Floats[0]);
        for (var row = 0; row < signs.Rows; row++)
        {
            signs.Read(row, line);
            AddTo(sum.Row(FirstRowOf(target) + row), line, share);
        }
    }

    void ScaleColumns(string target, Tensor sum)
    {
        var factors = Factors(target + BrickTensors.InputFactors);
        foreach (var projection in Projections(target))
            for (var row = 0; row < projection.Rows; row++)
                for (var column = 0; column < factors.Length; column++)
                    sum.Row(projection.FirstRow + row)[column] = (float)(sum.Row(projection.FirstRow + row)[column] * factors[column]);
    }

    void ScaleRows(string target, Tensor sum)
    {
        var (factors, first) = (Factors(target + BrickTensors.OutputFactors), FirstRowOf(target));
        for (var row = 0; row < factors.Length; row++)
            foreach (ref var value in sum.Row(first + row))
                value = (float)(value * factors[row]);
    }

    void AddShift(string target, Tensor bias)
    {
        var shift = brick.Open(target + BrickTensors.Shift).ToFloats();
        AddTo(AsColumn(bias).SliceRows(FirstRowOf(target), (int)shift.Shape.Count).Floats, shift.Floats, Sum);
    }

    /// <summary>1 + strength·(l − 1), or one over it.</summary>
    double[] Factors(string name)
    {
        double[] factors = [.. brick.Open(name).ToFloats().Floats.ToArray().Select(value => 1 + strength * ((double)value - 1))];
        if (direction == WeightDirection.Into)
            return factors;
        return Array.FindIndex(factors, factor => Math.Abs(factor) < Nothing) is >= 0 and var index
            ? throw Unsupported($"has scaled value {index} of '{name}' to nothing, which cannot be found again", "Keep the model from before.")
            : [.. factors.Select(factor => 1 / (factor + Guard))];
    }

    /// <summary>One value a row.</summary>
    static Tensor AsColumn(Tensor values) => values.Reshape((int)values.Shape.Count, 1);

    UnsupportedModelException Unsupported(string what, string next = "Keep it plugged: --plug.") => new($"Brick '{brick.Id}' {what}.", next);
}
