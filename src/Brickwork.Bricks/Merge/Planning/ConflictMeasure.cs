using Brickwork.Tensors.LinearAlgebra;

namespace Brickwork.Bricks.Merge.Planning;

/// <summary>Measures conflicts between the changes of the inputs of one tensor.</summary>
static class ConflictMeasure
{
    const int Directions = 8;

    const int TopShare = 20;

    /// <summary>Projections that take hidden values or heads back to the width.</summary>
    static readonly string[] Readers = ["ffn_down.", "attn_output."];

    public static MergeConflict Of(Compute compute, MergeTensors tensors)
    {
        var pairs = Pairs(tensors.Sources.Count).ToList();
        var isMatrix = tensors.Shape.Rank == 2 && Math.Min(tensors.Shape[0], tensors.Columns) > Directions;
        return new MergeConflict(
            tensors.Name,
            SignConflict(tensors),
            pairs.Average(pair => Cosine(tensors, pair.First, pair.Second)),
            isMatrix ? Overlap(compute, tensors, pairs) : null,
            isMatrix ? Shared(tensors, pairs) : null);
    }

    static IEnumerable<(int First, int Second)> Pairs(int count) =>
        from first in Enumerable.Range(0, count) from second in Enumerable.Range(first + 1, count - first - 1) select (first, second);

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
        return all == 0 ? 0 : 1 - agreed / all;
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
        return a == 0 || b == 0 ? 0 : product / Math.Sqrt(a * b);
    }

    static double? Overlap(Compute compute, MergeTensors tensors, List<(int First, int Second)> pairs)
    {
        var bases = Enumerable.Range(0, tensors.Sources.Count).Select(source =>
        {
            var change = Tensor.Zeros(tensors.Shape[0], tensors.Columns);
            var values = change.Floats;
            var any = false;
            for (var i = 0; i < values.Length; i++)
                any |= (values[i] = (float)tensors.Delta(source, i)) != 0;
            return any ? Matrix.From(LeadingDirections.Of(compute, change, Directions, seed: 0).Left) : null;
        }).ToList();
        var overlaps = pairs.Where(pair => bases[pair.First] is not null && bases[pair.Second] is not null)
            .Select(pair => (bases[pair.First]!.Transposed() * bases[pair.Second]!).Values.Sum(value => value * value) / Directions).ToList();
        return overlaps.Count == 0 ? null : overlaps.Average();
    }

    static double Shared(MergeTensors tensors, List<(int First, int Second)> pairs)
    {
        var lengths = Enumerable.Range(0, tensors.Sources.Count).Select(source => Lengths(tensors, source)).ToList();
        var count = Math.Max(1, lengths[0].Length / TopShare);
        var top = lengths.Select(own => Enumerable.Range(0, own.Length).OrderByDescending(neuron => own[neuron]).Take(count).ToHashSet()).ToList();
        return pairs.Average(pair => top[pair.First].Intersect(top[pair.Second]).Count() / (double)count);
    }

    /// <summary>The squared length of what an input changes at each neuron: a row of what makes neurons, a column of what reads them.</summary>
    static double[] Lengths(MergeTensors tensors, int source)
    {
        var columns = tensors.Columns;
        var readsThem = Readers.Any(reader => TensorPlace.Of(tensors.Name).Rest.StartsWith(reader, StringComparison.Ordinal));
        var lengths = new double[readsThem ? columns : tensors.Shape[0]];
        for (var i = 0; i < tensors.Count; i++)
            lengths[readsThem ? i % columns : i / columns] += tensors.Delta(source, i) * tensors.Delta(source, i);
        return lengths;
    }
}
