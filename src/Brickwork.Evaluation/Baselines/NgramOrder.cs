using System.Runtime.InteropServices;

namespace Brickwork.Evaluation.Baselines;

/// <summary>What a Kneser–Ney model of one order knows about the contexts and runs that will be asked for; others are only counted.</summary>
sealed class NgramOrder
{
    const double Least = 0.1;

    readonly Dictionary<ulong, long> _counts = [];
    readonly Dictionary<ulong, Context> _contexts = [];
    readonly long[] _ofCount = new long[5];
    readonly double[] _discounts = new double[4];

    /// <summary>A run that will be asked for, and the context before its last token.</summary>
    public void Want(ReadOnlySpan<int> run)
    {
        _counts[NgramHash.Of(run)] = 0;
        _contexts[NgramHash.Of(run[..^1])] = default;
    }

    /// <summary>A run of the training text and its count: how often it came, or, below the highest order, before how many different tokens it stood behind.</summary>
    public void Add(ReadOnlySpan<int> run, long count)
    {
        if (count < _ofCount.Length)
            _ofCount[count]++;
        var hash = NgramHash.Of(run);
        if (_counts.ContainsKey(hash))
            _counts[hash] = count;
        ref var context = ref CollectionsMarshal.GetValueRefOrNullRef(_contexts, NgramHash.Of(run[..^1]));
        if (System.Runtime.CompilerServices.Unsafe.IsNullRef(ref context))
            return;
        context.Total += count;
        context.Ones += count == 1 ? 1 : 0;
        context.Twos += count == 2 ? 1 : 0;
        context.More += count > 2 ? 1 : 0;
    }

    /// <summary>Sets the discounts from the counts of counts.</summary>
    /// <remarks>Chen and Goodman 1999, equation 26. Where a text is too short for them to make sense, the discount stays between a little and all of the count, so that what is new keeps a share.</remarks>
    public void Close()
    {
        var ratio = _ofCount[1] / (double)Math.Max(1, _ofCount[1] + 2 * _ofCount[2]);
        for (var count = 1; count <= 3; count++)
        {
            var discount = _ofCount[count] > 0 ? count - (count + 1) * ratio * _ofCount[count + 1] / _ofCount[count] : count;
            _discounts[count] = Math.Clamp(discount, Least, count);
        }
    }

    /// <summary>The probability of the last token of a run behind the others.</summary>
    /// <param name="run">The context and the token.</param>
    /// <param name="lower">The probability without the first token of the run.</param>
    public double Probability(ReadOnlySpan<int> run, double lower)
    {
        var context = _contexts[NgramHash.Of(run[..^1])];
        if (context.Total == 0)
            return lower;
        var count = _counts[NgramHash.Of(run)];
        var kept = count - _discounts[Math.Min(count, 3)];
        var given = _discounts[1] * context.Ones + _discounts[2] * context.Twos + _discounts[3] * context.More;
        return (kept + given * lower) / context.Total;
    }

    struct Context
    {
        public long Total, Ones, Twos, More;
    }
}
