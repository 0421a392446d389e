using Brickwork.Bricks.Conversion;
using Brickwork.Bricks.Plug;
using Brickwork.Formats.BrickFiles;
using Brickwork.Tensors.Weights;

namespace Brickwork;

/// <summary>Compares bricks by what they do to the weights of a model.</summary>
public static class BrickConversion
{
    extension(Brick brick)
    {
        /// <summary>The largest difference between what two bricks add to, or put in the place of, any value of the model.</summary>
        /// <remarks>Factors are multiplied out, so that other factors with the same product are no difference.</remarks>
        /// <exception cref="RecipeException">The bricks change different things.</exception>
        public double LargestDifference(Brick other)
        {
            ArgumentNullException.ThrowIfNull(brick);
            ArgumentNullException.ThrowIfNull(other);
            var (targets, others) = (Targets(brick), Targets(other));
            if (!targets.SetEquals(others))
                throw new RecipeException($"Brick '{brick.Id}' and brick '{other.Id}' change different things: {string.Join(", ", targets.Except(others).Concat(others.Except(targets)).Take(3))}.", "Compare bricks of one kind with the same targets.");
            return targets.Max(target => Difference(brick, other, target));
        }

        /// <summary>The largest difference between what a file says and what this brick, which was made of it, does.</summary>
        /// <param name="source">A brick file, an adapter or control vector in GGUF, or a PEFT folder; of the latter two, α/r·BA is multiplied out in F64 from the factors as they are stored.</param>
        /// <param name="model">The model it is for; needed for PEFT folders only.</param>
        /// <exception cref="CheckpointException">The file is missing or damaged, or does not fit the model.</exception>
        /// <exception cref="RecipeException">The brick changes other things.</exception>
        public double LargestErrorOf(string source, LanguageModel? model = null)
        {
            var largest = brick.LargestDifference(Brick.Open(source, model));
            foreach (var (target, stated) in StatedChanges.Of(source, model))
                largest = Math.Max(largest, stated.LargestDifference(Factors(brick, target)));
            return largest;
        }

        /// <summary>The largest difference that 4 bits make to any weight below a QLoRA brick; 0 of other kinds. Forms that know no such weights lose it.</summary>
        /// <param name="model">The model it is for.</param>
        /// <exception cref="CheckpointException">The model has no such projection.</exception>
        public double BaseShift(LanguageModel model)
        {
            ArgumentNullException.ThrowIfNull(brick);
            if (brick.Kind != BrickKind.QLora)
                return 0;
            var index = new TargetIndex(model);
            return Targets(brick).Where(name => name.EndsWith(BrickTensors.LoraUp, StringComparison.Ordinal)).Select(name => name[..^BrickTensors.LoraUp.Length])
                .SelectMany(target => index.Require(target, brick)).Select(projection => ShiftOf(projection.Part.Weight.Stored)).DefaultIfEmpty(0).Max();
        }
    }

    static double ShiftOf(Tensor stored)
    {
        var (weights, line, largest) = (stored.ToFloats(), new float[stored.Columns], 0.0);
        var narrow = new Nf4Matrix(stored.Rows, stored.Columns, (row, values) => weights.Row(row).CopyTo(values));
        for (var row = 0; row < stored.Rows; row++)
        {
            narrow.Read(row, line);
            for (var column = 0; column < line.Length; column++)
                largest = Math.Max(largest, Math.Abs((double)weights.Row(row)[column] - line[column]));
        }
        return largest;
    }

    static HashSet<string> Targets(Brick brick) =>
        [.. brick.Tensors.Keys.Where(name => !name.EndsWith(BrickTensors.LoraFactor, StringComparison.Ordinal)).Select(name => name.EndsWith(BrickTensors.LoraDown, StringComparison.Ordinal) ? name[..^BrickTensors.LoraDown.Length] + BrickTensors.LoraUp : name)];

    static double Difference(Brick brick, Brick other, string name)
    {
        if (name.EndsWith(BrickTensors.DeltaSigns, StringComparison.Ordinal))
            return brick.Open(name).RowSpan(0, brick.Open(name).Rows).SequenceEqual(other.Open(name).RowSpan(0, other.Open(name).Rows)) ? 0 : 2;
        if (!name.EndsWith(BrickTensors.LoraUp, StringComparison.Ordinal))
        {
            var (mine, theirs) = (brick.Open(name), other.Open(name));
            return mine.Shape.Count == theirs.Shape.Count ? Largest(mine.ToFloats(), theirs.ToFloats()) : throw Unlike(brick, other, name, mine.Shape.ToString(), theirs.Shape.ToString());
        }
        var target = name[..^BrickTensors.LoraUp.Length];
        var (first, second) = (Factors(brick, target), Factors(other, target));
        return (first.Rows, first.Columns) == (second.Rows, second.Columns) ? first.LargestDifference(second)
            : throw Unlike(brick, other, target, $"[{first.Rows}, {first.Columns}]", $"[{second.Rows}, {second.Columns}]");
    }

    static RecipeException Unlike(Brick brick, Brick other, string name, string mine, string theirs) =>
        new($"What brick '{brick.Id}' does to '{name}' has the shape {mine}, and what brick '{other.Id}' does {theirs}.", "Compare bricks for models of one size.");

    static double Largest(Tensor a, Tensor b)
    {
        var largest = 0.0;
        for (var index = 0; index < a.Floats.Length; index++)
            largest = Math.Max(largest, Math.Abs((double)a.Floats[index] - b.Floats[index]));
        return largest;
    }

    static LowRankProduct Factors(Brick brick, string target) => new(
        brick.Open(target + BrickTensors.LoraDown).ToFloats(),
        brick.Open(target + BrickTensors.LoraUp).ToFloats(),
        brick.FactorOf(target),
        target == TargetIndex.Tokens);
}
