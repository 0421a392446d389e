using Brickwork.Bricks.Plug;
using Brickwork.Formats.BrickFiles;

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
        if ((first.Rows, first.Columns) != (second.Rows, second.Columns))
            throw Unlike(brick, other, target, $"[{first.Rows}, {first.Columns}]", $"[{second.Rows}, {second.Columns}]");
        var largest = 0.0;
        for (var row = 0; row < first.Rows; row++)
            for (var column = 0; column < first.Columns; column++)
                largest = Math.Max(largest, Math.Abs(first.Of(row, column) - second.Of(row, column)));
        return largest;
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

    static Product Factors(Brick brick, string target) => new(
        brick.Open(target + BrickTensors.LoraDown).ToFloats(),
        brick.Open(target + BrickTensors.LoraUp).ToFloats(),
        brick.FactorOf(target),
        target == TargetIndex.Tokens);

    /// <summary>s·BA, value by value; of the embedding, whose A is [V, r], by token and width.</summary>
    readonly record struct Product(Tensor Down, Tensor Up, float Factor, bool IsTable)
    {
        public int Rows => IsTable ? Down.Rows : Up.Rows;

        public int Columns => IsTable ? Up.Rows : Down.Columns;

        public double Of(int row, int column)
        {
            var (rank, sum) = (Up.Columns, 0.0);
            if (IsTable)
            {
                for (var index = 0; index < rank; index++)
                    sum += (double)Down.Row(row)[index] * Up.Row(column)[index];
                return Factor * sum;
            }
            var expert = Down.Shape.Rank == 3 ? row / (Up.Rows / (Down.Rows / rank)) : 0;
            for (var index = 0; index < rank; index++)
                sum += (double)Up.Row(row)[index] * Down.Row(expert * rank + index)[column];
            return Factor * sum;
        }
    }
}
