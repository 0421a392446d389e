namespace Brickwork.Models.HuggingFace.Transforms;

/// <summary>Tensors of equal shape, one for each expert or head, become one with a dimension more.</summary>
/// <param name="count">How many.</param>
sealed class Stacked(Func<CanonicalModel, int, int> count) : TensorTransform
{
    public static Stacked Experts { get; } = new((model, _) => model.TryInt("expert_count") ?? 0);

    public static Stacked Heads { get; } = new((model, layer) => model.Heads(layer));

    public static Stacked KvHeads { get; } = new((model, layer) => model.KvHeads(layer));

    public override int CountOf(CanonicalModel model, int layer) => count(model, layer);

    public override IEnumerable<TensorRecipe> Read(RuleInstance rule, IReadOnlyList<TensorSource> sources, CanonicalModel model)
    {
        var first = sources[0].Info;
        var odd = sources.FirstOrDefault(source => source.Info.Shape != first.Shape || source.Info.Type != first.Type);
        if (odd is not null || first.Shape.Rank > 3)
            throw WrongShape(odd ?? sources[0], model, $"{first.Type}{first.Shape}, as '{first.Name}' is");
        var shape = new Shape([sources.Count, .. first.Shape.Dimensions]);
        var rows = first.Shape.Rows;
        return [TensorRecipe.Rows(new TensorInfo(rule.Canonical[0], first.Type, shape), sources, row => (row / rows, row % rows))];
    }

    public override IEnumerable<TensorRecipe> Write(RuleInstance rule, IReadOnlyList<TensorSource> sources, CanonicalModel model)
    {
        var shape = sources[0].Info.Shape;
        if (shape.Rank < 2 || shape[0] != rule.Names.Count)
            throw WrongShape(sources[0], model, $"{rule.Names.Count} in the first dimension");
        long[] one = shape.Dimensions[1..];
        var rows = new Shape(one).Rows;
        return [.. rule.Names.Select((name, index) => Slice(name, sources[0], (long)index * rows, one))];
    }
}

/// <summary>Queries, keys and values, each by itself, become one tensor.</summary>
sealed class Joined : TensorTransform
{
    public override IEnumerable<TensorRecipe> Read(RuleInstance rule, IReadOnlyList<TensorSource> sources, CanonicalModel model)
    {
        var first = sources[0].Info;
        var odd = sources.FirstOrDefault(source => source.Info.Type != first.Type || source.Info.Shape.Rank != first.Shape.Rank || source.Info.Shape.Columns != first.Shape.Columns && first.Shape.Rank > 1);
        if (odd is not null)
            throw WrongShape(odd, model, $"{first.Type} with rows as those of '{first.Name}'");
        var starts = sources.Select((_, index) => (int)sources.Take(index).Sum(source => source.Info.Shape[0])).ToArray();
        long[] dimensions = [sources.Sum(source => source.Info.Shape[0]), .. first.Shape.Dimensions[1..]];
        return [TensorRecipe.Rows(new TensorInfo(rule.Canonical[0], first.Type, new Shape(dimensions)), sources, row =>
        {
            var source = Array.FindLastIndex(starts, start => start <= row);
            return (source, row - starts[source]);
        })];
    }

    public override IEnumerable<TensorRecipe> Write(RuleInstance rule, IReadOnlyList<TensorSource> sources, CanonicalModel model)
    {
        var (heads, kvHeads) = (model.Heads(rule.Layer), model.KvHeads(rule.Layer));
        long[] rows = [heads * model.KeyWidth, kvHeads * model.KeyWidth, kvHeads * model.ValueWidth];
        var shape = sources[0].Info.Shape;
        if (rows.Sum() != shape[0])
            throw WrongShape(sources[0], model, $"{rows.Sum()} rows");
        return [.. rule.Names.Select((name, index) =>
            Slice(name, sources[0], rows.Take(index).Sum(), [rows[index], .. shape.Dimensions[1..]]))];
    }
}

/// <summary>A gate and what it gates, one above the other in one tensor, become two; of stacked matrices, each.</summary>
sealed class Halves : TensorTransform
{
    public override IEnumerable<TensorRecipe> Read(RuleInstance rule, IReadOnlyList<TensorSource> sources, CanonicalModel model)
    {
        var dimensions = sources[0].Info.Shape.Dimensions;
        if (dimensions.Length < 2 || dimensions[^2] % 2 != 0)
            throw WrongShape(sources[0], model, "an even number of rows");
        dimensions[^2] /= 2;
        var half = (int)dimensions[^2];
        return rule.Canonical.Select((name, part) => TensorRecipe.Rows(
            new TensorInfo(name, sources[0].Info.Type, new Shape(dimensions)), sources, row => (0, (row / half * 2 + part) * half + row % half)));
    }

    public override IEnumerable<TensorRecipe> Write(RuleInstance rule, IReadOnlyList<TensorSource> sources, CanonicalModel model)
    {
        var info = sources[0].Info;
        if (info.Shape.Rank < 2 || sources[1].Info.Shape != info.Shape || sources[1].Info.Type != info.Type)
            throw WrongShape(sources[1], model, $"{info.Type}{info.Shape}, as '{info.Name}' is");
        var dimensions = info.Shape.Dimensions;
        var half = (int)dimensions[^2];
        dimensions[^2] *= 2;
        return [TensorRecipe.Rows(new TensorInfo(rule.Names[0], info.Type, new Shape(dimensions)), sources,
            row => (row / half % 2, row / half / 2 * half + row % half))];
    }
}
