using Brickwork.Kernels.Merging;

namespace Brickwork.Bricks.Merge.Methods;

/// <summary>Keeps differences with probabilities from density − epsilon to density + epsilon, by their rank in the row (DELLA, Deep et al. 2024).</summary>
sealed class RankedDrop : ISparsifier
{
    public IReadOnlyList<MergeParameter> Parameters { get; } = [MergeParameter.Density, new("epsilon", 0.15, 0, 1)];

    public string? Fault(ParameterValues source, MergeDialect dialect, bool strict)
    {
        var (density, epsilon) = (source["density"], source["epsilon"]);
        return density is 0 or 1 || density - epsilon > 0 && density + epsilon < 1 ? null
            : FormattableString.Invariant($"density {density} ± epsilon {epsilon} leaves the open interval (0, 1), so some probabilities are none");
    }

    public Sparsify? Begin(MergeTensors tensors, int source)
    {
        var parameters = tensors.Sources[source].Parameters;
        var (density, epsilon) = (parameters["density"], parameters["epsilon"]);
        if (density >= 1)
            return null;
        var keep = new bool[tensors.Count];
        if (density <= 0)
            return Sparsity.By(keep);
        var random = tensors.Random("della", source);
        tensors.ForRows((first, end) =>
        {
            var (order, values, zero) = (new ulong[tensors.Columns], new float[tensors.Columns], new float[tensors.Columns]);
            for (var row = first; row < end; row++)
            {
                Differences.Magnitudes(values, tensors.ReadRow(source, row, values, zero), values);
                Draw(values, row * tensors.Columns, order, density, epsilon, random, keep);
            }
        });
        return Sparsity.By(keep);
    }

    static void Draw(ReadOnlySpan<float> magnitudes, int start, ulong[] order, double density, double epsilon, MergeRandom random, bool[] keep)
    {
        // The index in the low half makes the order of equals that of their indices, the lower ones last: they stay the likeliest.
        for (var column = 0; column < order.Length; column++)
            order[column] = (ulong)BitConverter.SingleToUInt32Bits(magnitudes[column]) << 32 | ~(uint)column;
        Array.Sort(order);
        for (var rank = 0; rank < order.Length; rank++)
        {
            var place = order.Length == 1 ? 0.5 : rank / (order.Length - 1.0);
            var element = start + (int)~(uint)order[rank];
            keep[element] = random.Of(element) < density - epsilon + 2 * epsilon * place;
        }
    }
}
