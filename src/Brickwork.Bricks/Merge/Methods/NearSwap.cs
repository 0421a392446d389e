namespace Brickwork.Bricks.Merge.Methods;

/// <summary>wb + (1−w)a with w = clamp(t / max(|a−b|, 1e-6), 0, 1): the base a takes over what is near it.</summary>
sealed class NearSwap : IMergeMethod
{
    const double Nearest = 1e-6;

    public string Name => "nearswap";

    public BaseUse Base => BaseUse.Required;

    public int MostSources => 1;

    public IReadOnlyList<MergeParameter> Shared { get; } = [new("t", null, 0)];

    public void Run(MergeTensors tensors, float[] result)
    {
        var t = tensors.Shared["t"];
        tensors.ForRanges((first, end) =>
        {
            for (var i = first; i < end; i++)
            {
                var delta = tensors.Delta(0, i);
                result[i] = (float)(tensors.Base![i] + Math.Clamp(t / Math.Max(Math.Abs(delta), Nearest), 0, 1) * delta);
            }
        });
    }
}
