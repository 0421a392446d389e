using Brickwork.Kernels.Merging;

namespace Brickwork.Bricks.Merge.Methods;

/// <summary>How a tensor falls into vectors.</summary>
enum VectorAxis
{
    /// <summary>All of it is one vector.</summary>
    Whole,

    /// <summary>Each row is one.</summary>
    Rows,

    /// <summary>Each column of the slowest dimension is one.</summary>
    Slowest,
}

/// <summary>Inner products of the inputs' vectors. Merges on spheres need nothing else: their results are sums Σ c·θ whose c follow from these.</summary>
sealed class Gram
{
    readonly double[] _products;
    readonly int _sources;

    Gram(int groups, int sources) => (_products, _sources, Groups) = (new double[groups * sources * sources], sources, groups);

    /// <summary>How many vectors an input falls into.</summary>
    public int Groups { get; }

    /// <summary>⟨i, j⟩ of one group of vectors.</summary>
    public double this[int group, int i, int j] => _products[(group * _sources + i) * _sources + j];

    public double Norm(int group, int i) => Math.Sqrt(this[group, i, i]);

    /// <summary>The inner products of all pairs of inputs, each minus the base where there is one.</summary>
    public static Gram Of(MergeTensors tensors, VectorAxis axis)
    {
        var groups = axis switch { VectorAxis.Whole => 1, VectorAxis.Rows => tensors.Count / tensors.Columns, _ => tensors.Count / (int)tensors.Shape[0] };
        var gram = new Gram(groups, tensors.Sources.Count);
        switch (axis)
        {
            case VectorAxis.Whole:
                gram.FillWhole(tensors);
                break;
            case VectorAxis.Rows:
                gram.FillRows(tensors);
                break;
            default:
                gram.FillSlowest(tensors);
                break;
        }
        return gram;
    }

    /// <summary>Makes base + Σ c·δ, the coefficients chosen for each group of vectors.</summary>
    public StretchMerge Combine(MergeTensors tensors, VectorAxis axis, Func<int, double[]> coefficientsOf)
    {
        double[][] coefficients = [.. Enumerable.Range(0, Groups).Select(coefficientsOf)];
        if (axis == VectorAxis.Slowest)
            return (stretch, result) => ByElement(stretch, coefficients, result);
        return (stretch, result) =>
        {
            var sums = stretch.Sums;
            sums.Clear();
            for (var (first, end) = (0, 0); first < sums.Length; first = end)
            {
                var group = axis == VectorAxis.Whole ? 0 : (stretch.First + first) / tensors.Columns;
                end = axis == VectorAxis.Whole ? sums.Length : (int)Math.Min(sums.Length, (group + 1L) * tensors.Columns - stretch.First);
                var origin = stretch.Base;
                for (var source = 0; source < coefficients[group].Length; source++)
                    if (coefficients[group][source] is not 0 and var factor)
                        Differences.Add(stretch[source][first..end], origin.IsEmpty ? [] : origin[first..end], factor, sums[first..end]);
            }
            Differences.Round(stretch.Base, 1, sums, result);
        };
    }

    void ByElement(Stretch stretch, double[][] coefficients, Span<float> result)
    {
        var origin = stretch.Base;
        for (var i = 0; i < result.Length; i++)
        {
            double zero = origin.IsEmpty ? 0 : origin[i];
            var (sum, own) = (zero, coefficients[(stretch.First + i) % Groups]);
            for (var source = 0; source < own.Length; source++)
                if (own[source] != 0)
                    sum += own[source] * (stretch[source][i] - zero);
            result[i] = (float)sum;
        }
    }

    /// <summary>All pairs in one pass over the inputs.</summary>
    void FillWhole(MergeTensors tensors)
    {
        var sums = tensors.SumStretches(_sources * _sources, (stretch, products) =>
        {
            for (var i = 0; i < _sources; i++)
                for (var j = 0; j <= i; j++)
                    products[i * _sources + j] = Differences.Product(stretch[i], stretch[j], stretch.Base);
        });
        for (var i = 0; i < _sources; i++)
            for (var j = 0; j <= i; j++)
                Set(0, i, j, sums[i * _sources + j]);
    }

    /// <summary>The same, row by row.</summary>
    void FillRows(MergeTensors tensors) => tensors.ForRows((first, end) =>
    {
        var origin = new float[tensors.Columns];
        float[][] rows = [.. Enumerable.Range(0, _sources).Select(_ => new float[tensors.Columns])];
        for (var row = first; row < end; row++)
            for (var i = 0; i < _sources; i++)
            {
                var zero = tensors.ReadRow(i, row, rows[i], origin);
                for (var j = 0; j <= i; j++)
                    Set(row, i, j, Differences.Product(rows[i], rows[j], zero));
            }
    });

    void FillSlowest(MergeTensors tensors)
    {
        var sums = new double[Groups];
        for (var i = 0; i < _sources; i++)
            for (var j = 0; j <= i; j++)
            {
                Array.Clear(sums);
                for (var element = 0; element < tensors.Count; element++)
                    sums[element % Groups] += tensors.Delta(i, element) * tensors.Delta(j, element);
                for (var group = 0; group < Groups; group++)
                    Set(group, i, j, sums[group]);
            }
    }

    void Set(int group, int i, int j, double product) =>
        _products[(group * _sources + i) * _sources + j] = _products[(group * _sources + j) * _sources + i] = product;
}
