using Brickwork.Bricks.Merge.Preparing;
using Brickwork.Tensors.LinearAlgebra;

namespace Brickwork.Bricks.Merge.Methods;

/// <summary>(ΣwG)⁻¹ΣwGW, G = XᵀX of what goes into W: the projection that comes nearest to what all of them give (Jin et al. 2023).</summary>
/// <remarks>What lies beside the diagonal of G is made smaller by a factor. Tensors that are no projections are averaged.</remarks>
sealed class RegMean : IMergeMethod
{
    // Inputs that are always 0 say nothing about their weights; with this little they are averaged.
    const double Unknown = 1e-9;
    const string OffDiagonal = "off_diagonal";

    public string Name => "regmean";

    public bool NeedsTexts => true;

    public IReadOnlyList<MergeParameter> Shared { get; } = [new(OffDiagonal, 0.6, 0, 1), .. MeasuredOn.Parameters];

    public IReadOnlyList<MergeParameter> PerSource { get; } = [new("weight", 1, 0)];

    public string? Fault(ParameterValues shared, IReadOnlyList<ParameterValues> sources, MergeDialect dialect, bool strict) =>
        sources.Sum(source => source["weight"]) == 0 ? "the weights add up to 0" : null;

    public IPreparation Prepare(PreparationInputs inputs) => new InputGrams(inputs);

    public void Run(MergeTensors tensors, float[] result)
    {
        if (tensors.Sources.Any(source => source.Gram is null))
        {
            Average(tensors, result);
            return;
        }
        var inputs = tensors.Columns;
        var outputs = tensors.Count / inputs;
        var (all, sums) = (new Matrix(inputs, inputs), new Matrix(inputs, outputs));
        foreach (var source in tensors.Sources)
        {
            var gram = Weighed(source, tensors.Shared[OffDiagonal]);
            Matrix.AddScaled(gram.Values, 1, all.Values);
            // [in, out]: row k of the sum gets G[k, j]·W[·, j].
            var weights = Matrix.Of(inputs, outputs, (input, output) => source.Values[output * inputs + input]);
            tensors.ForEach(inputs, row =>
            {
                for (var input = 0; input < inputs; input++)
                    Matrix.AddScaled(weights.Row(input), gram[row, input], sums.Row(row));
            });
        }
        var merged = Cholesky.Of(all).Solve(sums);
        for (var output = 0; output < outputs; output++)
            for (var input = 0; input < inputs; input++)
                result[output * inputs + input] = (float)merged[input, output];
    }

    static Matrix Weighed(MergeSource source, double offDiagonal)
    {
        var gram = source.Gram!;
        var mean = Enumerable.Range(0, gram.Rows).Average(i => gram[i, i]);
        var least = mean > 0 ? Unknown * mean : 1;
        return gram.Map((row, column, _) => source.Weight * (row == column ? gram[row, row] + least : offDiagonal * (gram[row, column] + gram[column, row]) / 2));
    }

    static void Average(MergeTensors tensors, float[] result)
    {
        var sum = tensors.Sources.Sum(source => source.Weight);
        tensors.ForRanges((first, end) =>
        {
            for (var i = first; i < end; i++)
                result[i] = (float)(tensors.Sources.Sum(source => source.Weight * source.Values[i]) / sum);
        });
    }
}
