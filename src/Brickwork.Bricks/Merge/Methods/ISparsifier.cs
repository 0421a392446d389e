namespace Brickwork.Bricks.Merge.Methods;

/// <summary>Chooses the elements of a difference θ − θ₀ that count.</summary>
interface ISparsifier
{
    IReadOnlyList<MergeParameter> Parameters { get; }

    string? Fault(ParameterValues source, bool strict) => null;

    /// <summary>Whether elements go by chance, so that their expectation can be kept by a factor.</summary>
    bool IsRandom => false;

    /// <summary>Marks what is kept; null = all.</summary>
    bool[]? Keep(MergeTensors tensors, int source);
}

/// <summary>What sparsifiers share.</summary>
static class Differences
{
    const double NoLength = 1e-7;

    /// <summary>|δ| in F32.</summary>
    public static float[] Magnitudes(MergeTensors tensors, int source)
    {
        var magnitudes = new float[tensors.Count];
        for (var i = 0; i < magnitudes.Length; i++)
            magnitudes[i] = Math.Abs((float)tensors.Delta(source, i));
        return magnitudes;
    }

    /// <summary>The factor that gives what is kept the L1 norm of the whole; 1 where there is none.</summary>
    public static double OldNorm(MergeTensors tensors, int source, bool[] keep)
    {
        var (before, after) = (0.0, 0.0);
        for (var i = 0; i < keep.Length; i++)
        {
            var magnitude = Math.Abs(tensors.Delta(source, i));
            before += magnitude;
            after += keep[i] ? magnitude : 0;
        }
        return before < NoLength || after < NoLength ? 1 : before / after;
    }
}
