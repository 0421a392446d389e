namespace Brickwork.Bricks.Merge.Preparing;

/// <summary>The diagonal of the Fisher information: the mean square of the gradient of a text's log-likelihood, value by value (Matena &amp; Raffel 2022).</summary>
sealed class FisherInformation(PreparationInputs inputs) : Measurement<float[]>(inputs)
{
    // Of one model at a time its weights and their gradients, of every model its Fisher information.
    public override long Bytes => Inputs.Models.Select(Values).DefaultIfEmpty(0).Max() * 2 * sizeof(float) + Inputs.Models.Sum(Values) * sizeof(float);

    protected override IReadOnlyDictionary<string, float[]> Measure(LanguageModel model, IReadOnlyList<int[]> windows)
    {
        using var trained = TrainableModel.From(model, new TrainableOptions { Threads = Inputs.Options.Threads });
        var squares = trained.Parameters.ToDictionary(parameter => parameter.Name, parameter => new double[parameter.Gradient.Floats.Length], StringComparer.Ordinal);
        foreach (var window in windows)
        {
            Inputs.Options.CancellationToken.ThrowIfCancellationRequested();
            trained.ClearGradients();
            trained.Accumulate(new TokenBatch(window[..^1], window[1..], [window.Length - 1]), 1);
            foreach (var parameter in trained.Parameters)
                Add(parameter.Gradient.Floats, squares[parameter.Name]);
        }
        return squares.ToDictionary(entry => entry.Key, entry => (float[])[.. entry.Value.Select(square => (float)(square / windows.Count))], StringComparer.Ordinal);
    }

    protected override MergeSource With(MergeSource source, float[]? measured) => source with { Importance = measured };

    static void Add(ReadOnlySpan<float> gradient, double[] squares)
    {
        for (var i = 0; i < squares.Length; i++)
            squares[i] += (double)gradient[i] * gradient[i];
    }

    static long Values(Planning.MergeModel model) => model.Tensors.Sum(tensor => tensor.Shape.Count);
}
