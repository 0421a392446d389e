namespace Brickwork.Bricks.Merge.Methods;

/// <summary>What one input alone has changed is kept whole, what several have changed is averaged (reinforced agent merging, 2601.13572).</summary>
/// <remarks><c>ramplus_tl</c> enlarges what is alone by 1 + r·clip(shared / alone, 0, alpha), counted per input and tensor.</remarks>
sealed class Ram : IMergeMethod
{
    readonly bool _plus;

    Ram(string name, bool plus)
    {
        (Name, _plus) = (name, plus);
        MergeParameter[] own = plus ? [new("r", 0.1), new("alpha", 0.2, 0)] : [];
        Shared = [new("epsilon", 1e-5, 0), .. own];
    }

    public static IReadOnlyList<IMergeMethod> All { get; } = [new Ram("ram", false), new Ram("ramplus_tl", true)];

    public string Name { get; }

    public BaseUse Base => BaseUse.Required;

    public IReadOnlyList<MergeParameter> Shared { get; }

    public void Run(MergeTensors tensors, float[] result)
    {
        var epsilon = tensors.Shared["epsilon"];
        var enlarged = _plus ? Factors(tensors, epsilon) : [.. tensors.Sources.Select(_ => 1.0)];
        tensors.ForRanges((first, end) =>
        {
            for (var i = first; i < end; i++)
            {
                var (sum, count, alone) = (0.0, 0, 0.0);
                for (var source = 0; source < enlarged.Length; source++)
                {
                    var delta = tensors.Delta(source, i);
                    if (Math.Abs(delta) <= epsilon)
                        continue;
                    (sum, alone) = (sum + delta, enlarged[source] * delta);
                    count++;
                }
                result[i] = (float)(tensors.Base![i] + (count == 0 ? 0 : count == 1 ? alone : sum / count));
            }
        });
    }

    static double[] Factors(MergeTensors tensors, double epsilon)
    {
        var (shared, alone) = (new long[tensors.Sources.Count], new long[tensors.Sources.Count]);
        for (var i = 0; i < tensors.Count; i++)
        {
            var count = 0;
            for (var source = 0; source < shared.Length; source++)
                count += Math.Abs(tensors.Delta(source, i)) > epsilon ? 1 : 0;
            for (var source = 0; count > 0 && source < shared.Length; source++)
                if (Math.Abs(tensors.Delta(source, i)) > epsilon)
                    (count > 1 ? shared : alone)[source]++;
        }
        var (r, alpha) = (tensors.Shared["r"], tensors.Shared["alpha"]);
        return [.. shared.Select((count, source) => 1 + r * Math.Clamp(count / Math.Max(alone[source], epsilon), 0, alpha))];
    }
}
