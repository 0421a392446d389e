using Brickwork.Formats.BrickFiles;
using Brickwork.Kernels.Blocks;
using Brickwork.Models.Parts;
using Brickwork.Models.Parts.Adapters;
using Brickwork.Tensors.Weights;

namespace Brickwork.Bricks.Plug;

/// <summary>LoRA and DoRA: of projections, of projections that share a tensor, of experts, and of the embedding.</summary>
sealed class LowRankParts(Brick brick, TargetIndex index)
{
    public IEnumerable<PlannedPart> Plan(string target)
    {
        // One copy for all projections that share the tensors: what one of them learns, the others know. Products read 16 bits as they are.
        var isProduct = target != TargetIndex.Tokens && !brick.Tensors.ContainsKey(target + BrickTensors.Magnitude);
        var (down, up) = (Take(target + BrickTensors.LoraDown, isProduct), Take(target + BrickTensors.LoraUp, isProduct));
        var factor = brick.FactorOf(target);
        if (target == TargetIndex.Tokens)
            return [Embedding(target, down, up, factor)];
        var projections = index.Find(target);
        if (projections.Count == 0)
            throw index.NotFound(target, brick.Id);
        var rows = projections.Sum(projection => projection.Rows);
        if (up.Rows != rows)
            throw BrickReader.Wrong(brick, target + BrickTensors.LoraUp, up.Shape, $"{rows} outputs of {up.Columns} values each");
        return projections.SelectMany(projection => brick.Kind == BrickKind.QLora
            ? (PlannedPart[])[Quantized(projection), Plan(target, projection, projections.Count > 1 ? projection.FirstRow : 0, down, up, factor)]
            : [Plan(target, projection, projections.Count > 1 ? projection.FirstRow : 0, down, up, factor)]);
    }

    Tensor Take(string name, bool asStored) => brick.Open(name) is var tensor && asStored ? tensor.Copy() : tensor.ToFloats();

    PlannedPart Plan(string target, Projection projection, int first, Tensor down, Tensor up, float factor)
    {
        var rank = up.Columns;
        // Experts have factors of their own; projections in one tensor share A.
        var stack = down.Shape.Rank == 3 ? projection.FirstRow / projection.Rows : 0;
        if (down.Columns != projection.Inputs || down.Rows < (stack + 1) * rank || (down.Shape.Rank < 3 && down.Rows != rank))
            throw BrickReader.Wrong(brick, target + BrickTensors.LoraDown, down.Shape, $"[{rank}, {projection.Inputs}] for a B of rank {rank}");
        return brick.Tensors.ContainsKey(target + BrickTensors.Magnitude)
            ? Dora(target, projection, (stack * rank, first), down, up, factor)
            : new PlannedPart(projection.Slot, part => new LoraLinear(brick.Id, part)
            {
                Down = down.SliceRows(stack * rank, rank),
                Up = up.SliceRows(first, projection.Rows),
                Factor = factor,
                Start = brick.Tensors.ContainsKey(target + BrickTensors.StartUp)
                    ? (brick.Matrix(target + BrickTensors.StartDown, rank, projection.Inputs), brick.Matrix(target + BrickTensors.StartUp, projection.Rows, rank)) : null,
                Weights = [(target + BrickTensors.LoraDown, down), (target + BrickTensors.LoraUp, up)],
            });
    }

    /// <summary>The projection with its weights in 4 bits.</summary>
    PlannedPart Quantized(Projection projection) => new(projection.Slot, part =>
    {
        var linear = Plain(part, projection.Slot);
        var stored = linear.Weight.Stored;
        var weight = new Nf4Matrix(stored.Rows, stored.Columns, (row, values) => Dequantizer.Run(stored.Type, stored.RowSpan(row, 1), values));
        return new ReplacedPart(brick.Id, part, new CodedLinear(weight) { Bias = linear.Bias, Scale = linear.Scale });
    });

    PlannedPart Dora(string target, Projection projection, (int Down, int Up) first, Tensor down, Tensor up, float factor)
    {
        var magnitudes = brick.Vector(target + BrickTensors.Magnitude, up.Rows);
        return new PlannedPart(projection.Slot, part => new DoraLinear(brick.Id, Plain(part, projection.Slot))
        {
            Down = down.SliceRows(first.Down, up.Columns),
            Up = up.SliceRows(first.Up, projection.Rows),
            Magnitudes = BrickReader.Slice(magnitudes, first.Up, projection.Rows),
            Factor = factor,
            Weights = [(target + BrickTensors.LoraDown, down), (target + BrickTensors.LoraUp, up), (target + BrickTensors.Magnitude, magnitudes)],
        });
    }

    Linear Plain(IPart part, SlotPath slot) => part as Linear ?? throw new UnsupportedModelException(
        $"Brick '{brick.Id}' is {brick.Kind}, which works on the weights themselves, but another brick stands in slot '{slot}'.", "Plug this brick first, the other one after it.");

    PlannedPart Embedding(string target, Tensor down, Tensor up, float factor)
    {
        var width = index.Model.Config.Width;
        if (Adapter.Innermost(index.Model.Decoder.Embedding) is not Embedding { Norm: null } embedding)
            throw new UnsupportedModelException($"Brick '{brick.Id}' changes the embedding, but that of {index.Model.Config.Name} has a norm behind its table.", "Merge the adapter into the weights with the library it comes from.");
        if (up.Rows != width)
            throw BrickReader.Wrong(brick, target + BrickTensors.LoraUp, up.Shape, $"[{width}, {up.Columns}]");
        if (down.Rows != embedding.Tokens.Rows || down.Columns != up.Columns)
            throw BrickReader.Wrong(brick, target + BrickTensors.LoraDown, down.Shape, $"[{embedding.Tokens.Rows}, {up.Columns}]");
        return new PlannedPart("embedding", part => new LoraEmbedding(brick.Id, part)
        {
            Down = down,
            Up = up,
            Factor = factor * embedding.Scale,
            Weights = [(target + BrickTensors.LoraDown, down), (target + BrickTensors.LoraUp, up)],
        });
    }
}
