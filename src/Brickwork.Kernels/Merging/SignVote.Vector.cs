using System.Runtime.Intrinsics;

namespace Brickwork.Kernels.Merging;

static partial class SignVote
{
    const int Lanes = 8;

    /// <inheritdoc cref="RunReference"/>
    public static void Run(ReadOnlySpan<double> deltas, int stride, ReadOnlySpan<double> weights, VoteRule rule, Span<double> y)
    {
        var i = 0;
        for (; i <= y.Length - Lanes; i += Lanes)
            Run(deltas, stride, i, weights, rule).CopyTo(y[i..]);
        RunReference(deltas[i..], stride, weights, rule, y[i..]);
    }

    static Vector512<double> Run(ReadOnlySpan<double> deltas, int stride, int index, ReadOnlySpan<double> weights, VoteRule rule)
    {
        var (zero, one) = (Vector512<double>.Zero, Vector512<double>.One);
        var total = zero;
        for (var input = 0; input < weights.Length; input++)
        {
            var vote = Vote(deltas, input * stride + index, weights[input], rule);
            if (rule.CountsSigns)
                vote = (one & Vector512.GreaterThan(vote, zero)) - (one & Vector512.LessThan(vote, zero));
            total += vote;
        }
        var plus = Vector512.GreaterThanOrEqual(total, zero);
        var (sum, divisor) = (zero, zero);
        for (var input = 0; input < weights.Length; input++)
        {
            var weight = Vector512.Create(weights[input]);
            var vote = Vote(deltas, input * stride + index, weights[input], rule);
            var agrees = Vector512.ConditionalSelect(plus, Vector512.GreaterThan(vote, zero), Vector512.LessThan(vote, zero));
            sum += agrees & (weight * Vector512.Create(deltas[(input * stride + index)..]));
            divisor += agrees & (rule.IsWeighted ? weight : one);
        }
        return rule.Divides ? sum / Vector512.ConditionalSelect(Vector512.Equals(divisor, zero), one, divisor) : sum;
    }

    static Vector512<double> Vote(ReadOnlySpan<double> deltas, int index, double weight, VoteRule rule)
    {
        var delta = Vector512.Create(deltas[index..]);
        return rule.IsWeighted ? Vector512.Create(weight) * delta : delta;
    }
}
