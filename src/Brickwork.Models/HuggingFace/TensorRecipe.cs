namespace Brickwork.Models.HuggingFace;

/// <summary>How a tensor is made of others when it is asked for.</summary>
/// <param name="Info">What it will be.</param>
/// <param name="IsView">Whether it looks at memory that is there anyway.</param>
/// <param name="Make">Makes it.</param>
sealed record TensorRecipe(TensorInfo Info, bool IsView, Func<Tensor> Make)
{
    /// <summary>The same tensor under another name, perhaps with another shape.</summary>
    public static TensorRecipe Same(string name, TensorSource source, Shape? shape = null)
    {
        var to = shape ?? source.Info.Shape;
        return new TensorRecipe(source.Info with { Name = name, Shape = to }, true, () => to == source.Info.Shape ? source.Open() : source.Open().Reshape(to.Dimensions));
    }

    /// <summary>Rows copied from other tensors, bits unchanged.</summary>
    /// <param name="info">The result.</param>
    /// <param name="sources">Tensors with rows as long as the result's.</param>
    /// <param name="place">Row of the result → source and row there.</param>
    public static TensorRecipe Rows(TensorInfo info, IReadOnlyList<TensorSource> sources, Func<int, (int Source, int Row)> place) => new(info, false, () =>
    {
        var tensors = new Tensor?[sources.Count];
        var result = Tensor.Zeros(info.Type, info.Shape);
        var column = info.Shape.Rank == 1;
        // A bias has its rows lying down: one value is a row.
        var (into, rows) = column ? (result.Reshape(info.Shape.Count, 1), checked((int)info.Shape.Count)) : (result, result.Rows);
        for (var row = 0; row < rows; row++)
        {
            var (source, from) = place(row);
            var tensor = tensors[source] ??= column ? Column(sources[source].Open()) : sources[source].Open();
            tensor.RowSpan(from, 1).CopyTo(into.RowSpan(row, 1));
        }
        return result;
    });

    /// <summary>A matrix of plain values with rows and columns exchanged; of more dimensions, the last two.</summary>
    public static TensorRecipe Transposed(string name, TensorSource source)
    {
        var shape = source.Info.Shape;
        var (rows, columns) = ((int)shape[shape.Rank - 2], shape.Columns);
        long[] dimensions = [.. shape.Dimensions[..^2], columns, rows];
        return new TensorRecipe(source.Info with { Name = name, Shape = new Shape(dimensions) }, false, () =>
        {
            var (from, result) = (source.Open(), Tensor.Zeros(source.Info.Type, dimensions));
            var size = source.Info.Type.BlockBytes();
            for (var matrix = 0; matrix < from.Rows / Math.Max(1, rows); matrix++)
                Transpose(from.RowSpan(matrix * rows, rows), result.RowSpan(matrix * columns, columns), rows, columns, size);
            return result;
        });
    }

    /// <summary>Values as F32, each plus a number.</summary>
    public static TensorRecipe Shifted(string name, TensorSource source, float shift) => new(source.Info with { Name = name, Type = DType.F32 }, false, () =>
    {
        var result = source.Open().ToFloats();
        foreach (ref var value in result.Floats)
            value += shift;
        return result;
    });

    static Tensor Column(Tensor tensor) => tensor.Reshape(tensor.Shape.Count, 1);

    static void Transpose(ReadOnlySpan<byte> from, Span<byte> to, int rows, int columns, int size)
    {
        // In tiles, so that both sides stay in the cache.
        const int Tile = 32;
        for (var top = 0; top < rows; top += Tile)
            for (var left = 0; left < columns; left += Tile)
                for (var row = top; row < Math.Min(rows, top + Tile); row++)
                    for (var column = left; column < Math.Min(columns, left + Tile); column++)
                        from.Slice((row * columns + column) * size, size).CopyTo(to[((column * rows + row) * size)..]);
    }
}

/// <summary>A tensor that can be opened.</summary>
/// <param name="Info">Its name, type and shape.</param>
/// <param name="Open">Opens it.</param>
sealed record TensorSource(TensorInfo Info, Func<Tensor> Open)
{
    public static TensorSource Of(Checkpoint checkpoint, TensorInfo info) => new(info, () => checkpoint.Open(info.Name));
}
