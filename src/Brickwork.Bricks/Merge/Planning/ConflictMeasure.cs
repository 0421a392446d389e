using Brickwork.Tensors.LinearAlgebra;

namespace Brickwork.Bricks.Merge.Planning;

/// <summary>Measures conflicts between the changes of the inputs of one tensor.</summary>
static class ConflictMeasure
{
    const int Directions = 8;

    const int TopShare = 20;

    /// <summary>Projections that take hidden values or heads back to the width.</summary>
    static readonly string[] Readers = ["ffn_down.", "attn_output."];

    /// <summary>null where fewer than two inputs change the tensor: no two changes contradict each other there.</summary>
    public static MergeConflict? Of(Compute compute, MergeTensors tensors)
    {
        var changing = Enumerable.Range(0, tensors.Sources.Count).Where(source => Changes(tensors, source)).ToList();
        if (changing.Count < 2)
            return null;
        var pairs = Pairs(changing).ToList();
        var isMatrix = tensors.Shape.Rank == 2 && Math.Min(tensors.Shape[0], tensors.Columns) > Directions;
        return new MergeConflict(
            tensors.Name,
            SignConflict(tensors),
            pairs.Average(pair => Cosine(tensors, pair.First, pair.Second)),
            isMatrix ? Overlap(compute, tensors, changing, pairs) : null,
            isMatrix ? Shared(tensors, changing, pairs) : null);
    }

    static bool Changes(MergeTensors tensors, int source)
    {
        for (var i = 0; i < tensors.Count; i++)
            if (tensors.Delta(source, i) != 0)
                return true;
        return false;
    }

    static IEnumerable<(int First, int Second)> Pairs(List<int> sources) =>
        from first in Enumerable.Range(0, sources.Count) from second in Enumerable.Range(first + 1, sources.Count - first - 1) select (sources[first], sources[second]);

    /// <summary>1 − Σ|Σδ| / ΣΣ|δ|: what is lost when the changes are added.</summary>
    static double SignConflict(MergeTensors tensors)
    {
        var (agreed, all) = (0.0, 0.0);
        for (var i = 0; i < tensors.Count; i++)
        {
            var sum = 0.0;
            for (var source = 0; source < tensors.Sources.Count; source++)
            {
                var delta = tensors.Delta(source, i);
                sum += delta;
                all += Math.Abs(delta);
            }
            agreed += Math.Abs(sum);
        }
        return 1 - agreed / all;
    }

    static double Cosine(MergeTensors tensors, int first, int second)
    {
        var (product, a, b) = (0.0, 0.0, 0.0);
        for (var i = 0; i < tensors.Count; i++)
        {
            var (x, y) = (tensors.Delta(first, i), tensors.Delta(second, i));
            product += x * y;
            a += x * x;
            b += y * y;
        }
        return product / Math.Sqrt(a * b);
    }

    static double Overlap(Compute compute, MergeTensors tensors, List<int> changing, List<(int First, int Second)> pairs)
    {
        var bases = changing.ToDictionary(source => source, source =>
        {
            var change = Tensor.Zeros(tensors.Shape[0], tensors.Columns);
            for (var i = 0; i < change.Floats.Length; i++)
                change.Floats[i] = (float)tensors.Delta(source, i);
            return Matrix.From(LeadingDirections.Of(compute, change, Directions, seed: 0).Left);
        });
        return pairs.Average(pair => (bases[pair.First].Transposed() * bases[pair.Second]).Values.Sum(value => value * value) / Directions);
    }

    static double Shared(MergeTensors tensors, List<int> changing, List<(int First, int Second)> pairs)
    {
        var lengths = changing.ToDictionary(source => source, source => Lengths(tensors, source));
        var count = Math.Max(1, lengths[changing[0]].Length / TopShare);
        var top = lengths.ToDictionary(own => own.Key, own => Enumerable.Range(0, own.Value.Length).OrderByDescending(neuron => own.Value[neuron]).Take(count).ToHashSet());
        return pairs.Average(pair => top[pair.First].Intersect(top[pair.Second]).Count() / (double)count);
    }

    /// <summary>The squared length of what an input changes at each neuron: a row of what makes neurons, a column of what reads them.</summary>
    static double[] Lengths(MergeTensors tensors, int source)
    {
        var columns = tensors.Columns;
        var readsThem = Readers.Any(reader => TensorPlace.Of(tensors.Name).Rest.StartsWith(reader, StringComparison.Ordinal));
        var lengths = new double[readsThem ? columns : tensors.Shape[0]];
        for (var i = 0; i < tensors.Count; i++)
        {
            var delta = tensors.Delta(source, i);
            lengths[readsThem ? i % columns : i / columns] += delta * delta;
        }
        return lengths;
    }
}
