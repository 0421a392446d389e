using Brickwork.Kernels.Merging;

namespace Brickwork.Bricks.Merge.Methods;

/// <summary>Clears the elements of a stretch of differences that do not count; called in any order, on any thread.</summary>
delegate void Sparsify(Stretch stretch, Span<double> deltas);

/// <summary>Chooses the elements of a difference θ − θ₀ that count.</summary>
interface ISparsifier
{
    IReadOnlyList<MergeParameter> Parameters { get; }

    string? Fault(ParameterValues source, MergeDialect dialect, bool strict) => null;

    /// <summary>Whether elements go by chance, so that their expectation can be kept by a factor.</summary>
    bool IsRandom => false;

    /// <summary>Learns what it must know of the whole difference; null = all elements count.</summary>
    Sparsify? Begin(MergeTensors tensors, int source);
}

/// <summary>What sparsifiers share.</summary>
static class Sparsity
{
    const double NoLength = 1e-7;

    /// <summary>The factor that gives what is kept the L1 norm of the whole; 1 where there is none.</summary>
    public static double OldNorm(MergeTensors tensors, int source, Sparsify sparsify)
    {
        var lengths = tensors.SumStretches(2, (stretch, sums) =>
        {
            var deltas = Deltas(stretch, source, 1, null);
            sums[0] = Length(deltas);
            sparsify(stretch, deltas);
            sums[1] = Length(deltas);
        });
        return lengths[0] < NoLength || lengths[1] < NoLength ? 1 : lengths[0] / lengths[1];
    }

    /// <summary>int(share · count), as all tools round; but some element of a tensor counts where any is to: small tensors would lose their whole difference.</summary>
    /// <param name="share">0 … 1.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="strict">Whether none may be left, as it happens in other tools.</param>
    public static int Kept(double share, int count, bool strict) => Math.Max((int)(share * count), share > 0 && count > 0 && !strict ? 1 : 0);

    /// <summary>Clears what a mask of the whole tensor does not keep.</summary>
    public static Sparsify By(bool[] keep) => (stretch, deltas) =>
    {
        for (var i = 0; i < deltas.Length; i++)
            if (!keep[stretch.First + i])
                deltas[i] = 0;
    };

    /// <summary>scale · δ of a stretch, without what does not count, in the stretch's memory.</summary>
    public static Span<double> Deltas(Stretch stretch, int source, double scale, Sparsify? sparsify)
    {
        var deltas = stretch.Deltas(source);
        deltas.Clear();
        Differences.Add(stretch[source], stretch.Base, scale, deltas);
        sparsify?.Invoke(stretch, deltas);
        return deltas;
    }

    static double Length(ReadOnlySpan<double> deltas)
    {
        var sum = 0.0;
        foreach (var delta in deltas)
            sum += Math.Abs(delta);
        return sum;
    }
}
