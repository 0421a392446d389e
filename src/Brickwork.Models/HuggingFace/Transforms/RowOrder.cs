namespace Brickwork.Models.HuggingFace.Transforms;

/// <summary>The same rows in another order.</summary>
/// <param name="heads">How many equal groups the rows fall into; their number has to be a multiple.</param>
/// <param name="place">Row in GGUF's order → row in Hugging Face's.</param>
sealed class RowOrder(Func<CanonicalModel, int, int> heads, Func<RowOrder.Sizes, int, int> place) : TensorTransform
{
    /// <param name="Rows">Rows in all.</param>
    /// <param name="Heads">Heads of queries.</param>
    /// <param name="KvHeads">Heads of keys and values.</param>
    /// <param name="Groups">The groups the rows fall into.</param>
    public readonly record struct Sizes(int Rows, int Heads, int KvHeads, int Groups)
    {
        /// <summary>Rows of a group.</summary>
        public int Width => Rows / Groups;
    }

    /// <summary>Queries: Hugging Face turns value i with i + K/2, GGUF's Llama turns neighbours.</summary>
    public static RowOrder RotatedQueries { get; } = new((model, layer) => model.Heads(layer), Pairs);

    /// <summary>The same for keys.</summary>
    public static RowOrder RotatedKeys { get; } = new((model, layer) => model.KvHeads(layer), Pairs);

    /// <summary>Queries, keys and values head by head, as [H, 3, K], become [3, H, K].</summary>
    public static RowOrder HeadByHead { get; } = new((model, layer) => 3 * model.Heads(layer), (sizes, row) =>
    {
        var (part, head, value) = (row / sizes.Width / sizes.Heads, row / sizes.Width % sizes.Heads, row % sizes.Width);
        return (head * 3 + part) * sizes.Width + value;
    });

    /// <summary>Group by group, the queries of a group, its key and its value, become all queries, all keys, all values.</summary>
    public static RowOrder GroupByGroup { get; } = new((model, layer) => model.Heads(layer) + 2 * model.KvHeads(layer), (sizes, row) =>
    {
        var (head, value, queries) = (row / sizes.Width, row % sizes.Width, sizes.Heads / sizes.KvHeads);
        var (group, index) = head < sizes.Heads
            ? (head / queries, head % queries)
            : ((head - sizes.Heads) % sizes.KvHeads, queries + (head - sizes.Heads) / sizes.KvHeads);
        return (group * (queries + 2) + index) * sizes.Width + value;
    });

    public override IEnumerable<TensorRecipe> Read(RuleInstance rule, IReadOnlyList<TensorSource> sources, CanonicalModel model)
    {
        var sizes = SizesOf(sources[0], model, rule.Layer);
        return [TensorRecipe.Rows(sources[0].Info with { Name = rule.Canonical[0] }, sources, row => (0, place(sizes, row)))];
    }

    public override IEnumerable<TensorRecipe> Write(RuleInstance rule, IReadOnlyList<TensorSource> sources, CanonicalModel model)
    {
        var sizes = SizesOf(sources[0], model, rule.Layer);
        var back = new int[sizes.Rows];
        for (var row = 0; row < back.Length; row++)
            back[place(sizes, row)] = row;
        return [TensorRecipe.Rows(sources[0].Info with { Name = rule.Names[0] }, sources, row => (0, back[row]))];
    }

    static int Pairs(Sizes sizes, int row)
    {
        var (head, value) = (row / sizes.Width, row % sizes.Width);
        return head * sizes.Width + value % 2 * (sizes.Width / 2) + value / 2;
    }

    Sizes SizesOf(TensorSource source, CanonicalModel model, int layer)
    {
        var rows = checked((int)source.Info.Shape[0]);
        var sizes = new Sizes(rows, model.Heads(layer), model.KvHeads(layer), heads(model, layer));
        var even = place == (Func<Sizes, int, int>)Pairs ? 2 : 1;
        return source.Info.Shape.Rank <= 2 && sizes.Groups > 0 && sizes.KvHeads > 0 && rows % (sizes.Groups * even) == 0 && sizes.Heads % Math.Max(1, sizes.KvHeads) == 0 ? sizes
            : throw WrongShape(source, model, $"a multiple of {sizes.Groups * even} rows for {sizes.Heads} heads and {sizes.KvHeads} of keys and values");
    }
}
