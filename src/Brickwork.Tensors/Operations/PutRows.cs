using Brickwork.Tensors.Autograd;

namespace Brickwork.Tensors.Operations;

/// <summary>Puts rows of a table in the place of some rows, in their memory: y[places[i]] = table[sources[i]].</summary>
static class PutRows
{
    /// <param name="y">[T, D], changed.</param>
    /// <param name="table">[N, D].</param>
    /// <param name="places">Rows of y, each once.</param>
    /// <param name="sources">As many rows of the table; a row may come more than once.</param>
    public static void Run(in Tensor y, in Tensor table, ReadOnlySpan<int> places, ReadOnlySpan<int> sources)
    {
        for (var index = 0; index < places.Length; index++)
            table.Row(sources[index]).CopyTo(y.Row(places[index]));
    }

    /// <summary>Adds the gradients of the rows to that of the table, and takes them away from what stood there before.</summary>
    /// <param name="dy">[T, D], changed.</param>
    /// <param name="dTable">[N, D], added to; null = not wanted.</param>
    /// <param name="places">Rows of y.</param>
    /// <param name="sources">Rows of the table.</param>
    public static void Backward(in Tensor dy, in Tensor? dTable, ReadOnlySpan<int> places, ReadOnlySpan<int> sources)
    {
        for (var index = 0; index < places.Length; index++)
        {
            var slopes = dy.Row(places[index]);
            if (dTable is { } wanted)
            {
                var sum = wanted.Row(sources[index]);
                for (var column = 0; column < sum.Length; column++)
                    sum[column] += slopes[column];
            }
            slopes.Clear();
        }
    }

    /// <summary>Records what <see cref="Run"/> did, if any of it is wanted.</summary>
    public static void Record(Tape tape, in Tensor y, in Tensor table, ReadOnlySpan<int> places, ReadOnlySpan<int> sources)
    {
        if (tape.Wants(y) || tape.Wants(table))
            tape.Record(y, new Step(y, table, places.ToArray(), sources.ToArray()));
    }

    sealed class Step(Tensor y, Tensor table, int[] places, int[] sources) : IGradient
    {
        public void Backward(Tape tape) => PutRows.Backward(tape.Gradient(y), tape.TryGradient(table), places, sources);
    }
}
