using Brickwork.Bricks.Merge.Planning;
using Brickwork.Bricks.Merge.Preparing;
using Brickwork.Models.Running;
using Brickwork.Tensors.LinearAlgebra;

namespace Brickwork.Bricks.Merge.Mixtures;

/// <summary>The rows of the routers: to which hidden values an expert answers.</summary>
/// <remarks>
/// As mergekit-moe has it: the mean over an expert's prompts of what goes into a layer, less that of its negative prompts, of length 1.
/// The router sees normed values, so that a gate is a direction and no more.
/// </remarks>
sealed class GateVectors
{
    const double NoLength = 1e-8;

    readonly MixtureDocument _document;
    readonly LanguageModel _model;
    readonly long _seed;
    readonly CancellationToken _cancellation;

    GateVectors(MixtureDocument document, LanguageModel model, MergeOptions options) =>
        (_document, _model, _seed, _cancellation) = (document, model, options.Seed ?? document.Seed, options.CancellationToken);

    /// <summary>For each layer [E, D], the shared expert last where there is one.</summary>
    public static IReadOnlyList<Matrix> Of(MixtureDocument document, Func<Checkpoint> open, MergeOptions options)
    {
        using var model = LanguageModel.From(open(), new LoadOptions { Threads = options.Threads, Precision = Precision.Exact });
        var gates = new GateVectors(document, model, options);
        var (layers, width) = (model.Config.Layers, model.Config.Width);
        IReadOnlyList<MixtureExpert> experts = document.Shared is null ? document.Experts : [.. document.Experts, document.Shared];
        Matrix[] result = [.. Enumerable.Range(0, layers).Select(_ => new Matrix(experts.Count, width))];
        for (var expert = 0; expert < experts.Count; expert++)
        {
            var rows = gates.RowsOf(experts[expert], expert);
            for (var layer = 0; layer < layers; layer++)
                rows[layer].CopyTo(result[layer].Row(expert));
        }
        return result;
    }

    /// <summary>Largest over smallest singular value: how little the rows of a router differ; mergekit warns above 5.</summary>
    public static double ConditionOf(Matrix gates)
    {
        var values = SingularValues.Of(gates).Values;
        return values[^1] > 0 ? values[0] / values[^1] : double.PositiveInfinity;
    }

    /// <summary>Of one expert, [D] for each layer.</summary>
    double[][] RowsOf(MixtureExpert expert, int index)
    {
        if (_document.Gate is GateMode.Random or GateMode.UniformRandom)
            return [.. Enumerable.Range(0, _model.Config.Layers).Select(layer => Draw(index, layer))];
        var rows = Mean(expert.Positive);
        if (expert.Negative.Count > 0)
            foreach (var (row, away) in rows.Zip(Mean(expert.Negative)))
                Matrix.AddScaled(away, -1, row);
        foreach (var row in rows)
            Normalize(row);
        return rows;
    }

    /// <summary>The mean over prompts.</summary>
    double[][] Mean(IReadOnlyList<string> prompts)
    {
        double[][] sums = [.. Enumerable.Range(0, _model.Config.Layers).Select(_ => new double[_model.Config.Width])];
        int[][] tokens = [.. prompts.Select(prompt => Tokens(_model.Tokenizer, prompt)).Where(ids => ids.Length > 0)];
        if (_document.Gate == GateMode.Embedding)
            foreach (var ids in tokens)
                AddEmbeddings(ids, sums);
        else
            WatchedRun.OverLayers(_model, tokens, layer => rows => AddHidden(rows, sums[layer]), _cancellation);
        foreach (var sum in sums)
            foreach (ref var value in sum.AsSpan())
                value /= Math.Max(1, tokens.Length);
        return sums;
    }

    static int[] Tokens(Tokenizer tokenizer, string prompt)
    {
        int[] start = tokenizer is { AddsBos: true, Bos: { } bos } ? [bos] : [];
        return [.. start, .. tokenizer.Encode(prompt, EncodeOptions.None)];
    }

    void AddHidden(Tensor rows, double[] sum)
    {
        var first = _document.Gate == GateMode.HiddenLast ? rows.Rows - 1 : 0;
        for (var row = first; row < rows.Rows; row++)
            for (var column = 0; column < sum.Length; column++)
                sum[column] += rows.Row(row)[column] / (double)(rows.Rows - first);
    }

    void AddEmbeddings(int[] ids, double[][] sums)
    {
        var table = _model.Checkpoint.Open(TensorPlace.Embedding);
        var row = new double[table.Columns];
        foreach (var id in ids)
        {
            var values = table.SliceRows(id, 1).ToFloats();
            if (!OutputCheck.IsFinite(values.Floats))
                throw OutputCheck.Explain(_model.Checkpoint);
            for (var column = 0; column < row.Length; column++)
                row[column] += values.Floats[column];
        }
        Normalize(row);
        foreach (var sum in sums)
            Matrix.AddScaled(row, 1, sum);
    }

    double[] Draw(int expert, int layer)
    {
        var random = new MergeRandom(_seed, "gate", expert, TensorPlace.In(layer, MixtureCheckpoint.Router));
        var bound = 1 / Math.Sqrt(_model.Config.Width);
        return [.. Enumerable.Range(0, _model.Config.Width).Select(column => _document.Gate == GateMode.UniformRandom ? (2 * random.Of(column) - 1) * bound : Noise.Of(random, column))];
    }

    static void Normalize(double[] row)
    {
        var length = Math.Max(NoLength, Math.Sqrt(Matrix.Dot(row, row)));
        foreach (ref var value in row.AsSpan())
            value /= length;
    }
}

/// <summary>Normally distributed numbers by place.</summary>
static class Noise
{
    /// <summary>Box &amp; Muller 1958, of two numbers that belong to the element alone.</summary>
    public static double Of(MergeRandom random, long element) =>
        Math.Sqrt(-2 * Math.Log(1 - random.Of(2 * element))) * Math.Cos(2 * Math.PI * random.Of(2 * element + 1));
}
