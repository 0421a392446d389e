namespace Brickwork.Kernels.Merging;

/// <summary>What counts when inputs vote on the sign of an element (TIES, Yadav et al. 2023).</summary>
/// <param name="IsWeighted">Whether votes and divisors are weighted, or each input counts the same.</param>
/// <param name="CountsSigns">Whether signs are counted instead of added up with their differences.</param>
/// <param name="Divides">Whether the sum of those that agree is divided by what they count.</param>
readonly record struct VoteRule(bool IsWeighted, bool CountsSigns, bool Divides);

/// <summary>Σwδ over the inputs whose differences have the sign of most; a difference of zero agrees with nobody, a tie is won by plus.</summary>
static partial class SignVote
{
    /// <summary>In plain loops.</summary>
    /// <param name="deltas">δ, [inputs, stride], of which the first <paramref name="y"/>.Length columns count.</param>
    /// <param name="stride">From one input to the next.</param>
    /// <param name="weights">w, one for each input.</param>
    /// <param name="rule">What counts.</param>
    /// <param name="y">The sums.</param>
    public static void RunReference(ReadOnlySpan<double> deltas, int stride, ReadOnlySpan<double> weights, VoteRule rule, Span<double> y)
    {
        for (var i = 0; i < y.Length; i++)
        {
            var total = 0.0;
            for (var input = 0; input < weights.Length; input++)
            {
                var vote = (rule.IsWeighted ? weights[input] : 1) * deltas[input * stride + i];
                total += rule.CountsSigns ? Math.Sign(vote) : vote;
            }
            var (sum, divisor) = (0.0, 0.0);
            for (var input = 0; input < weights.Length; input++)
            {
                var delta = deltas[input * stride + i];
                var vote = (rule.IsWeighted ? weights[input] : 1) * delta;
                if (total >= 0 ? vote > 0 : vote < 0)
                {
                    sum += weights[input] * delta;
                    divisor += rule.IsWeighted ? weights[input] : 1;
                }
            }
            y[i] = rule.Divides && divisor != 0 ? sum / divisor : sum;
        }
    }
}
