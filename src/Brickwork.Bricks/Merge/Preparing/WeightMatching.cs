using Brickwork.Tensors.LinearAlgebra;

namespace Brickwork.Bricks.Merge.Preparing;

/// <summary>Renumbers neurons and heads of every input so that its weights come nearest to those of the first (git re-basin, Ainsworth et al. 2023).</summary>
/// <remarks>
/// The order of the hidden width is kept, and so the axes of a layer do not depend on each other: one assignment finds the best order,
/// where the paper's coordinate descent goes round. Heads of keys move together with the queries that belong to them.
/// </remarks>
sealed class WeightMatching(PreparationInputs inputs) : Alignment(inputs)
{
    const string Down = "ffn_down.weight";

    static readonly string[] NeuronRows = ["ffn_gate.weight", "ffn_up.weight", "ffn_gate.bias", "ffn_up.bias"];
    static readonly string[] QueryRows = ["attn_q.weight", "attn_q.bias"];
    static readonly string[] KeyRows = ["attn_k.weight", "attn_v.weight", "attn_k.bias", "attn_v.bias"];

    // A square of likenesses, and the tensors of one layer of two models.
    public override long Bytes => Inputs.Models.Max(model => model.Tensors.GroupBy(tensor => Planning.TensorPlace.Of(tensor.Name).Layer).Where(layer => layer.Key is not null)
        .Select(layer => layer.Sum(tensor => tensor.Shape.Count) * (sizeof(double) + sizeof(float)) * 2).DefaultIfEmpty(0).Max());

    protected override IReadOnlyList<IReadOnlyDictionary<LayerAxis, Mixing>> Align(IReadOnlyList<LayerTensors> layers) =>
    [
        .. layers.Select((layer, index) => index == 0 || layer.Model == layers[0].Model && layer.Layer == layers[0].Layer
            ? new Dictionary<LayerAxis, Mixing>() : Match(layers[0], layer)),
    ];

    static Dictionary<LayerAxis, Mixing> Match(LayerTensors first, LayerTensors other)
    {
        var result = new Dictionary<LayerAxis, Mixing>();
        if (Likeness(first, other, NeuronRows, Down, first.ColumnsOf(Down)) is { } neurons)
            result[LayerAxis.Neurons] = Mixing.Order(Assignment.Best(neurons));
        var (heads, kvHeads) = (first.Heads, first.KvHeads);
        if (Likeness(first, other, QueryRows, "attn_output.weight", heads) is not { } queries || Likeness(first, other, KeyRows, null, kvHeads) is not { } keys)
            return result;
        var perKey = heads / kvHeads;
        // The best that the queries of two heads of keys can do counts for these heads.
        var within = new int[kvHeads, kvHeads][];
        for (var mine = 0; mine < kvHeads; mine++)
            for (var theirs = 0; theirs < kvHeads; theirs++)
            {
                var block = Matrix.Of(perKey, perKey, (a, b) => queries[mine * perKey + a, theirs * perKey + b]);
                within[mine, theirs] = Assignment.Best(block);
                keys[mine, theirs] += within[mine, theirs].Select((theirQuery, myQuery) => block[myQuery, theirQuery]).Sum();
            }
        var order = Assignment.Best(keys);
        result[LayerAxis.Keys] = Mixing.Order(order);
        result[LayerAxis.Queries] = Mixing.Order(order.SelectMany((theirs, mine) => within[mine, theirs].Select(query => theirs * perKey + query)));
        return result;
    }

    /// <summary>Inner products of all that belongs to neuron i of the first and neuron j of the other; null where the layer has no such part.</summary>
    static Matrix? Likeness(LayerTensors first, LayerTensors other, string[] rows, string? columns, int? groups)
    {
        if (groups is not { } count)
            return null;
        Matrix? sum = null;
        foreach (var name in rows)
            if (first.Find(name) is { } mine && other.Find(name) is { } theirs)
                Add(ref sum, Grouped(mine.Values, count), Grouped(theirs.Values, count));
        if (columns is not null && first.Find(columns) is { } down && other.Find(columns) is { } theirDown)
            Add(ref sum, Grouped(Turned(down), count), Grouped(Turned(theirDown), count));
        return sum;
    }

    static Matrix Grouped(float[] values, int count) => new(count, values.Length / count, [.. values.Select(value => (double)value)]);

    static void Add(ref Matrix? sum, Matrix mine, Matrix theirs)
    {
        var products = mine * theirs.Transposed();
        sum = sum is null ? products : sum + products;
    }

    static float[] Turned((float[] Values, int Columns) matrix)
    {
        var rows = matrix.Values.Length / matrix.Columns;
        var turned = new float[matrix.Values.Length];
        for (var row = 0; row < rows; row++)
            for (var column = 0; column < matrix.Columns; column++)
                turned[column * rows + row] = matrix.Values[row * matrix.Columns + column];
        return turned;
    }
}
