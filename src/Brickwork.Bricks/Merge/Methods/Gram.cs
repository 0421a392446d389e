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
        for (var i = 0; i < tensors.Sources.Count; i++)
            for (var j = 0; j <= i; j++)
                gram.Fill(tensors, axis, i, j);
        return gram;
    }

    /// <summary>Writes base + Σ c·δ, the coefficients chosen for each group of vectors.</summary>
    public void Combine(MergeTensors tensors, VectorAxis axis, Func<int, double[]> coefficientsOf, float[] result)
    {
        double[][] coefficients = [.. Enumerable.Range(0, Groups).Select(coefficientsOf)];
        tensors.ForRanges((first, end) =>
        {
            for (var i = first; i < end; i++)
            {
                var own = coefficients[GroupOf(tensors, axis, i)];
                double sum = tensors.Base is null ? 0 : tensors.Base[i];
                for (var source = 0; source < own.Length; source++)
                    if (own[source] != 0)
                        sum += own[source] * tensors.Delta(source, i);
                result[i] = (float)sum;
            }
        });
    }

    void Fill(MergeTensors tensors, VectorAxis axis, int i, int j)
    {
        if (axis == VectorAxis.Whole)
            Set(0, i, j, tensors.Sum((first, end) => Product(tensors, i, j, first, end)));
        else if (axis == VectorAxis.Rows)
            tensors.ForRows((first, end) =>
            {
                for (var row = first; row < end; row++)
                    Set(row, i, j, Product(tensors, i, j, row * tensors.Columns, (row + 1) * tensors.Columns));
            });
        else
        {
            var sums = new double[Groups];
            for (var element = 0; element < tensors.Count; element++)
                sums[GroupOf(tensors, axis, element)] += tensors.Delta(i, element) * tensors.Delta(j, element);
            for (var group = 0; group < Groups; group++)
                Set(group, i, j, sums[group]);
        }
    }

    void Set(int group, int i, int j, double product) =>
        _products[(group * _sources + i) * _sources + j] = _products[(group * _sources + j) * _sources + i] = product;

    int GroupOf(MergeTensors tensors, VectorAxis axis, int element) => axis switch
    {
        VectorAxis.Whole => 0,
        VectorAxis.Rows => element / tensors.Columns,
        _ => element % Groups,
    };

    static double Product(MergeTensors tensors, int i, int j, int first, int end)
    {
        var sum = 0.0;
        for (var element = first; element < end; element++)
            sum += tensors.Delta(i, element) * tensors.Delta(j, element);
        return sum;
    }
}
