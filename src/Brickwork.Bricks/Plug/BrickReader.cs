using Brickwork.Formats.BrickFiles;

namespace Brickwork.Bricks.Plug;

/// <summary>Takes tensors out of a brick, as F32 unless it says otherwise, each in memory of its own, and checks their shapes.</summary>
static class BrickReader
{
    /// <summary>A tensor that must be there.</summary>
    /// <exception cref="CheckpointException">It is not.</exception>
    public static Tensor Open(this Brick brick, string name) => brick.Tensors.TryGetValue(name, out var tensor) ? tensor
        : throw new CheckpointException($"Brick '{brick.Id}' lacks tensor '{name}'; expected it beside the others of its target.", "The brick is damaged: get it again, or train it again.");

    /// <summary>A vector of that many values, copied.</summary>
    /// <exception cref="CheckpointException">It is missing, or has another length.</exception>
    public static Tensor Vector(this Brick brick, string name, int length)
    {
        var tensor = brick.Open(name);
        return tensor.Shape.Count == length ? tensor.ToFloats().Reshape(length) : throw Wrong(brick, name, tensor.Shape, $"[{length}]");
    }

    /// <summary>s of a low-rank change; 1 where the brick does not say.</summary>
    /// <exception cref="CheckpointException">It is more than one value.</exception>
    public static float FactorOf(this Brick brick, string target) =>
        brick.Tensors.ContainsKey(target + BrickTensors.LoraFactor) ? brick.Vector(target + BrickTensors.LoraFactor, 1).Floats[0] : 1;

    /// <summary>A matrix of that shape, copied.</summary>
    /// <exception cref="CheckpointException">It is missing, or has another shape.</exception>
    public static Tensor Matrix(this Brick brick, string name, int rows, int columns)
    {
        var tensor = brick.Open(name);
        return tensor.Rows == rows && tensor.Columns == columns ? tensor.ToFloats().Reshape(rows, columns) : throw Wrong(brick, name, tensor.Shape, $"[{rows}, {columns}]");
    }

    /// <summary>Some values of a vector, in the same memory.</summary>
    public static Tensor Slice(Tensor vector, int first, int count) => vector.Reshape(vector.Shape.Count, 1).SliceRows(first, count).Reshape(count);

    /// <summary>Rows and columns exchanged, as F32.</summary>
    public static Tensor Transposed(Tensor values)
    {
        var from = values.ToFloats();
        var result = Tensor.Zeros(from.Columns, from.Rows);
        for (var row = 0; row < from.Rows; row++)
            for (var column = 0; column < from.Columns; column++)
                result.Row(column)[row] = from.Row(row)[column];
        return result;
    }

    public static CheckpointException Wrong(Brick brick, string name, Shape found, string expected) => new(
        $"Tensor '{name}' of brick '{brick.Id}' is {found}; the model implies {expected}.", "The brick is for another model, or was cut to another rank.");
}
