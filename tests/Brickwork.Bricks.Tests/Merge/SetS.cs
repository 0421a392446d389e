using Brickwork.Bricks.Merge;
using Brickwork.Bricks.Merge.Methods;
using Brickwork.TestKit;

namespace Brickwork.Bricks.Tests.Merge;

/// <summary>The small set of weights for which reference results are written down, and a way to merge it.</summary>
static class SetS
{
    public static readonly float[] Base = [.10f, -.20f, .30f, .40f, .50f, 0, -.70f, .80f];
    public static readonly float[] A = [.40f, -.50f, .35f, .10f, .90f, .20f, -.60f, .75f];
    public static readonly float[] B = [-.10f, -.10f, .80f, .50f, .55f, -.30f, -.90f, 1.40f];
    public static readonly float[] C = [.15f, .30f, .25f, .95f, .10f, .05f, -1.20f, .70f];

    /// <summary>What the reference values were printed with, and one rounding of F32.</summary>
    public static Tolerance Printed { get; } = Tolerance.Within(1e-6, "reference values are printed with six digits");

    public static MergeTensors Of(IMergeMethod method, float[]? origin, float[][] sources, string parameters = "", double[]? weights = null, bool strict = false,
        MergeDialect dialect = MergeDialect.Mergekit, Shape? shape = null, string tensor = "t", long seed = 0) => new()
    {
        Name = tensor,
        Shape = shape ?? new Shape(2, sources[0].Length / 2),
        Base = origin,
        Sources = [.. sources.Select((values, i) => new MergeSource(i, values, Set(method.PerSource, parameters, weights?[i])))],
        Shared = Set(method.Shared, parameters, null),
        Strict = strict,
        Dialect = dialect,
        Seed = seed,
    };

    public static float[] Run(string name, float[]? origin, float[][] sources, string parameters = "", double[]? weights = null, bool strict = false,
        MergeDialect dialect = MergeDialect.Mergekit, Shape? shape = null, string tensor = "t", long seed = 0)
    {
        var method = MergeMethods.Find(name)!;
        var result = new float[sources[0].Length];
        method.Run(Of(method, origin, sources, parameters, weights, strict, dialect, shape, tensor, seed), result);
        return result;
    }

    static ParameterValues Set(IReadOnlyList<MergeParameter> known, string text, double? weight)
    {
        var values = ParameterValues.Defaults(known);
        if (known.Any(parameter => parameter.Name == "weight"))
            values.Set("weight", weight ?? 1);
        foreach (var pair in text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(part => part.Split('=')))
            if (known.Any(parameter => parameter.Name == pair[0]))
                values.Set(pair[0], double.Parse(pair[1], System.Globalization.CultureInfo.InvariantCulture));
        return values;
    }
}
