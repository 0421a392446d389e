namespace Brickwork.Bricks.Merge.Methods;

/// <summary>One input as it is, times a scale; stacking layer ranges this way is depth up-scaling (SOLAR, Kim et al. 2023).</summary>
sealed class Passthrough : IMergeMethod
{
    public string Name => "passthrough";

    public int MostSources => 1;

    public IReadOnlyList<MergeParameter> PerSource { get; } = [new("scale", 1)];

    public void Run(MergeTensors tensors, float[] result)
    {
        var scale = tensors.Sources[0].Parameters["scale"];
        var values = tensors.Sources[0].Values;
        tensors.ForRanges((first, end) =>
        {
            for (var i = first; i < end; i++)
                result[i] = (float)(scale * values[i]);
        });
    }
}
