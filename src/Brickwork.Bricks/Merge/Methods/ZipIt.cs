using Brickwork.Bricks.Merge.Planning;
using Brickwork.Bricks.Merge.Preparing;

namespace Brickwork.Bricks.Merge.Methods;

/// <summary>The mean of inputs whose neurons were joined where they do the same on a text, within a model, too (ZipIt, Stoica et al. 2024).</summary>
sealed class ZipIt : IMergeMethod
{
    public string Name => "zipit";

    public bool NeedsTexts => true;

    public int LeastSources => 2;

    public IReadOnlyList<MergeParameter> Shared { get; } = [new("alpha", 0.3, 0, 1), new("beta", 0.125, 0, 1), new(MeasuredOn.Examples, 64, 1, 1 << 20), new(MeasuredOn.Window, 256, 2, 1 << 20)];

    public IEnumerable<string> FaultsOf(IReadOnlyList<MergeModel> models) => Alignment.Faults(Name, models);

    public IPreparation Prepare(PreparationInputs inputs) => new FeatureZipping(inputs);

    public void Run(MergeTensors tensors, float[] result) => tensors.ForRanges((first, end) =>
    {
        for (var i = first; i < end; i++)
        {
            var sum = 0.0;
            foreach (var source in tensors.Sources)
                sum += source.Values[i];
            result[i] = (float)(sum / tensors.Sources.Count);
        }
    });
}
