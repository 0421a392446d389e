using Brickwork.Bricks.Plug;
using Brickwork.Formats.BrickFiles;
using Brickwork.Tensors.LinearAlgebra;

namespace Brickwork.Bricks.Merge.LowRank;

/// <summary>Tensors of LoRA bricks ↔ factors of single matrices: a stack of experts has several of them, the table of the embedding stands on its side.</summary>
static class BrickFactors
{
    /// <summary>What a LoRA brick changes.</summary>
    /// <exception cref="UnsupportedModelException">It does more than add low-rank changes.</exception>
    public static IReadOnlyList<string> TargetsOf(Brick brick)
    {
        if (brick.Kind != BrickKind.Lora)
            throw new UnsupportedModelException($"Brick '{brick.Id}' is of the kind {brick.Kind}; bricks that are merged are LoRA.", "Merge it into the weights of its model, and merge models: model: MODEL+BRICK");
        List<string> targets = [];
        foreach (var name in brick.Tensors.Keys)
            switch (BrickTensors.Split(name)!.Value)
            {
                case (var target, BrickTensors.LoraUp):
                    targets.Add(target);
                    break;
                case (_, BrickTensors.LoraDown or BrickTensors.LoraFactor):
                    break;
                default:
                    throw new UnsupportedModelException($"Brick '{brick.Id}' holds '{name}', which is no low-rank change and would be lost.", "Merge it into the weights of its model, and merge models: model: MODEL+BRICK");
            }
        return targets;
    }

    /// <summary>The changes of a target, one for each expert where it is a stack.</summary>
    public static IReadOnlyList<LowRankChange> Read(Brick brick, string target)
    {
        var (down, up) = (brick.Open(target + BrickTensors.LoraDown).ToFloats(), brick.Open(target + BrickTensors.LoraUp).ToFloats());
        double factor = brick.FactorOf(target);
        if (target == TargetIndex.Tokens)
            return [new(Matrix.From(down).Transposed(), Matrix.From(up), factor)];
        if (down.Shape.Rank < 3)
            return [new(Matrix.From(down), Matrix.From(up), factor)];
        var (experts, rank) = ((int)down.Shape[0], up.Columns);
        return [.. Enumerable.Range(0, experts).Select(expert => new LowRankChange(
            Matrix.From(down.SliceRows(expert * rank, rank)), Matrix.From(up.SliceRows(expert * (up.Rows / experts), up.Rows / experts)), factor))];
    }

    /// <summary>Writes the changes of a target; their factors go into B.</summary>
    /// <param name="tensors">Of the brick.</param>
    /// <param name="target">What is changed.</param>
    /// <param name="changes">One, or one for each expert of a stack, all of one rank.</param>
    public static void Write(OrderedDictionary<string, Tensor> tensors, string target, IReadOnlyList<LowRankChange> changes)
    {
        var (rank, first, count) = (changes[0].Rank, changes[0], changes.Count);
        var isTable = target == TargetIndex.Tokens;
        var down = isTable ? Tensor.Zeros(first.Down.Columns, rank) : count > 1 ? Tensor.Zeros(count, rank, first.Down.Columns) : Tensor.Zeros(rank, first.Down.Columns);
        var up = count > 1 ? Tensor.Zeros(count, first.Up.Rows, rank) : Tensor.Zeros(first.Up.Rows, rank);
        for (var expert = 0; expert < count; expert++)
        {
            var change = changes[expert];
            (isTable ? change.Down.Transposed() : change.Down).CopyTo(isTable ? down : down.SliceRows(expert * rank, rank));
            change.Up.Map((_, _, value) => value * change.Factor).CopyTo(up.SliceRows(expert * change.Up.Rows, change.Up.Rows));
        }
        tensors[target + BrickTensors.LoraDown] = down;
        tensors[target + BrickTensors.LoraUp] = up;
    }
}
