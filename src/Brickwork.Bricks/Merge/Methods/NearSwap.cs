namespace Brickwork.Bricks.Merge.Methods;

/// <summary>wb + (1−w)a with w = clamp(t / max(|a−b|, 1e-6), 0, 1): the base a takes over what is near it.</summary>
sealed class NearSwap : IStreamedMethod
{
    const double Nearest = 1e-6;

    public string Name => "nearswap";

    public BaseUse Base => BaseUse.Required;

    public int MostSources => 1;

    public IReadOnlyList<MergeParameter> Shared { get; } = [new("t", null, 0)];

    public StretchMerge Begin(MergeTensors tensors)
    {
        var t = tensors.Shared["t"];
        return (stretch, result) =>
        {
            var origin = stretch.Base;
            var other = stretch[0];
            for (var i = 0; i < result.Length; i++)
            {
                var delta = other[i] - (double)origin[i];
                result[i] = (float)(origin[i] + Math.Clamp(t / Math.Max(Math.Abs(delta), Nearest), 0, 1) * delta);
            }
        };
    }
}
