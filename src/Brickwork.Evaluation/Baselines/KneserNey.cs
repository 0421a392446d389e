namespace Brickwork.Evaluation.Baselines;

/// <summary>An interpolated modified Kneser–Ney model: what a token is behind the few before it, from counts alone.</summary>
/// <remarks>
/// Chen and Goodman 1999, An empirical study of smoothing techniques for language modeling, section 4.1. The texts to be scored are known
/// before training, so that only their contexts are kept: memory is that of the training text and of one sort.
/// </remarks>
sealed class KneserNey
{
    readonly NgramOrder[] _orders;
    readonly int _vocabulary;

    /// <param name="training">The training text, documents behind one another.</param>
    /// <param name="texts">The texts that will be scored.</param>
    /// <param name="order">The length of the longest run.</param>
    /// <param name="vocabulary">How many different tokens there can be.</param>
    public KneserNey(int[] training, IEnumerable<int[]> texts, int order, int vocabulary)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(order, 2);
        _vocabulary = vocabulary;
        _orders = [.. Enumerable.Range(0, order).Select(_ => new NgramOrder())];
        foreach (var text in texts)
        {
            for (var at = 1; at < text.Length; at++)
            {
                for (var length = 1; length <= Math.Min(order, at + 1); length++)
                    _orders[length - 1].Want(text.AsSpan(at + 1 - length, length));
            }
        }
        Count(training);
    }

    /// <summary>The surprise at a text in bits; its first token is where it starts and is not scored.</summary>
    /// <param name="text">One of the texts that were named before training.</param>
    public double Bits(int[] text)
    {
        var bits = 0.0;
        for (var at = 1; at < text.Length; at++)
        {
            var probability = 1.0 / _vocabulary;
            for (var length = 1; length <= Math.Min(_orders.Length, at + 1); length++)
                probability = _orders[length - 1].Probability(text.AsSpan(at + 1 - length, length), probability);
            bits -= Math.Log2(probability);
        }
        return bits;
    }

    // A run of a lower order counts how many different tokens stand before it: its longer runs, each once.
    void Count(int[] training)
    {
        for (var length = _orders.Length; length >= 2; length--)
        {
            var run = length;
            var suffixes = new List<int>();
            NgramHash.Group(training, [.. Enumerable.Range(0, Math.Max(0, training.Length - run + 1))], run, (count, start) =>
            {
                if (run == _orders.Length)
                    _orders[^1].Add(training.AsSpan(start, run), count);
                suffixes.Add(start + 1);
            });
            NgramHash.Group(training, [.. suffixes], run - 1, (count, start) => _orders[run - 2].Add(training.AsSpan(start, run - 1), count));
        }
        foreach (var order in _orders)
            order.Close();
    }
}
