namespace Brickwork.Models.HuggingFace.Transforms;

/// <summary>The way from the latent back to keys and values (DeepSeek): one matrix, head by head [N + V, L], becomes keys [H, L, N], transposed, and values [H, V, L].</summary>
/// <remarks>H heads, N values of a key without position, V of a value, L of the latent.</remarks>
sealed class LatentKeyValue : TensorTransform
{
    public override IEnumerable<TensorRecipe> Read(RuleInstance rule, IReadOnlyList<TensorSource> sources, CanonicalModel model)
    {
        var (heads, key, value) = Sizes(model, rule.Layer);
        var info = sources[0].Info;
        if (info.Shape.Rank != 2 || key < 1 || value < 1 || info.Shape[0] != heads * (key + value))
            throw WrongShape(sources[0], model, $"{heads * (key + value)} rows");
        var latent = info.Shape.Columns;
        var keys = TensorRecipe.Rows(new TensorInfo("", info.Type, new Shape(heads, key, latent)), sources, row => (0, row / key * (key + value) + row % key));
        var values = new TensorInfo(rule.Canonical[1], info.Type, new Shape(heads, value, latent));
        return
        [
            TensorRecipe.Transposed(rule.Canonical[0], new TensorSource(keys.Info, keys.Make)),
            TensorRecipe.Rows(values, sources, row => (0, row / value * (key + value) + key + row % value)),
        ];
    }

    public override IEnumerable<TensorRecipe> Write(RuleInstance rule, IReadOnlyList<TensorSource> sources, CanonicalModel model)
    {
        var (heads, key, value) = Sizes(model, rule.Layer);
        var (first, second) = (sources[0].Info.Shape, sources[1].Info.Shape);
        if (first.Rank != 3 || first[0] != heads || first.Columns != key)
            throw WrongShape(sources[0], model, $"[{heads}, L, {key}]");
        if (second != new Shape(heads, value, first[1]) || sources[0].Info.Type != sources[1].Info.Type)
            throw WrongShape(sources[1], model, $"{sources[0].Info.Type}[{heads}, {value}, {first[1]}]");
        var keys = TensorRecipe.Transposed("", sources[0]);
        TensorSource[] both = [new TensorSource(keys.Info, keys.Make), sources[1]];
        var info = new TensorInfo(rule.Names[0], sources[0].Info.Type, new Shape(heads * (key + value), sources[1].Info.Shape.Columns));
        return [TensorRecipe.Rows(info, both, row =>
        {
            var (head, within) = (row / (key + value), row % (key + value));
            return within < key ? (0, head * key + within) : (1, head * value + within - key);
        })];
    }

    static (int Heads, int Key, int Value) Sizes(CanonicalModel model, int layer) =>
        (model.Heads(layer), model.Int("attention.key_length_mla") - model.Int("rope.dimension_count"), model.Int("attention.value_length_mla"));
}
