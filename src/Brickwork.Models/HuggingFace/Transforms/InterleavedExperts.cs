namespace Brickwork.Models.HuggingFace.Transforms;

/// <summary>Gates and what they gate in turn, in the columns of [E, D, 2I] (gpt-oss), become two tensors [E, I, D]; biases [E, 2I] two of [E, I].</summary>
sealed class InterleavedExperts : TensorTransform
{
    public override IEnumerable<TensorRecipe> Read(RuleInstance rule, IReadOnlyList<TensorSource> sources, CanonicalModel model)
    {
        var info = sources[0].Info;
        if (info.Shape.Rank is not (2 or 3) || info.Shape.Columns % 2 != 0)
            throw WrongShape(sources[0], model, "an even number of columns");
        var (experts, width, both) = ((int)info.Shape[0], info.Shape.Rank == 3 ? (int)info.Shape[1] : 1, info.Shape.Columns);
        long[] dimensions = info.Shape.Rank == 3 ? [experts, both / 2, width] : [experts, both / 2];
        return rule.Canonical.Select((name, part) =>
        {
            var result = new TensorInfo(name, info.Type, new Shape(dimensions));
            return new TensorRecipe(result, false, () =>
            {
                var (from, to) = (sources[0].Open(), Tensor.Zeros(info.Type, dimensions));
                for (var expert = 0; expert < experts; expert++)
                    Spread(Matrix(from, expert, width, both), both, 2, part, Matrix(to, expert, both / 2, width), width, info.Type.BlockBytes());
                return to;
            });
        });
    }

    public override IEnumerable<TensorRecipe> Write(RuleInstance rule, IReadOnlyList<TensorSource> sources, CanonicalModel model)
    {
        var info = sources[0].Info;
        if (info.Shape.Rank is not (2 or 3) || sources[1].Info.Shape != info.Shape || sources[1].Info.Type != info.Type)
            throw WrongShape(sources[1], model, $"{info.Type}{info.Shape}, as '{info.Name}' is");
        var (experts, half, width) = ((int)info.Shape[0], (int)info.Shape[1], info.Shape.Rank == 3 ? (int)info.Shape[2] : 1);
        long[] dimensions = info.Shape.Rank == 3 ? [experts, width, 2 * half] : [experts, 2 * half];
        return [new TensorRecipe(new TensorInfo(rule.Names[0], info.Type, new Shape(dimensions)), false, () =>
        {
            var to = Tensor.Zeros(info.Type, dimensions);
            for (var part = 0; part < 2; part++)
            {
                var from = sources[part].Open();
                for (var expert = 0; expert < experts; expert++)
                    Gather(Matrix(from, expert, half, width), width, Matrix(to, expert, width, 2 * half), 2 * half, part, info.Type.BlockBytes());
            }
            return to;
        })];
    }

    /// <summary>One expert's bytes; a bias counts as a matrix of one row, or of one column.</summary>
    static Span<byte> Matrix(Tensor tensor, int expert, int rows, int columns)
    {
        var flat = tensor.Reshape(tensor.Shape.Count / ((long)rows * columns), (long)rows * columns);
        return flat.RowSpan(expert, 1);
    }

    /// <summary>Every second column becomes a row.</summary>
    static void Spread(ReadOnlySpan<byte> from, int columns, int step, int first, Span<byte> to, int width, int size)
    {
        for (var row = 0; row < width; row++)
            for (var column = first; column < columns; column += step)
                from.Slice((row * columns + column) * size, size).CopyTo(to[((column / step * width + row) * size)..]);
    }

    /// <summary>Rows become every second column.</summary>
    static void Gather(ReadOnlySpan<byte> from, int width, Span<byte> to, int columns, int first, int size)
    {
        for (var row = 0; row < width; row++)
            for (var column = first; column < columns; column += 2)
                from.Slice((column / 2 * width + row) * size, size).CopyTo(to[((row * columns + column) * size)..]);
    }
}
