using Brickwork.Bricks.Merge.Preparing;

namespace Brickwork.Bricks.Merge.Methods;

/// <summary>ΣwFθ / ΣwF, F the Fisher information of each value: what a model's text depends on counts more (Matena &amp; Raffel 2022).</summary>
sealed class Fisher : IMergeMethod
{
    const string Floor = "floor";

    public string Name => "fisher";

    public bool NeedsTexts => true;

    public IReadOnlyList<MergeParameter> Shared { get; } = [new(Floor, 1e-6, 0), .. MeasuredOn.Parameters];

    public IReadOnlyList<MergeParameter> PerSource { get; } = [new("weight", 1, 0)];

    public string? Fault(ParameterValues shared, IReadOnlyList<ParameterValues> sources, MergeDialect dialect, bool strict) =>
        sources.Sum(source => source["weight"]) == 0 ? "the weights add up to 0" : null;

    public IPreparation Prepare(PreparationInputs inputs) => new FisherInformation(inputs);

    public void Run(MergeTensors tensors, float[] result)
    {
        var floor = tensors.Shared[Floor];
        tensors.ForRanges((first, end) =>
        {
            for (var i = first; i < end; i++)
            {
                var (sum, all) = (0.0, 0.0);
                foreach (var source in tensors.Sources)
                {
                    var weight = source.Weight * Math.Max(floor, source.Importance is { } importance ? importance[i] : 1);
                    sum += weight * source.Values[i];
                    all += weight;
                }
                // Where no text says anything and there is no floor, the mean is all there is.
                result[i] = (float)(all > 0 ? sum / all : tensors.Sources.Average(source => (double)source.Values[i]));
            }
        });
    }
}
