using Brickwork.Kernels.Merging;

namespace Brickwork.Bricks.Merge.Methods;

/// <summary>One input as it is, times a scale; stacking layer ranges this way is depth up-scaling (SOLAR, Kim et al. 2023).</summary>
sealed class Passthrough : IStreamedMethod
{
    public string Name => "passthrough";

    public int MostSources => 1;

    public IReadOnlyList<MergeParameter> PerSource { get; } = [new("scale", 1)];

    public StretchMerge Begin(MergeTensors tensors)
    {
        var scale = tensors.Sources[0].Parameters["scale"];
        return (stretch, result) =>
        {
            stretch.Sums.Clear();
            Differences.Add(stretch[0], [], scale, stretch.Sums);
            Differences.Round([], 1, stretch.Sums, result);
        };
    }
}
