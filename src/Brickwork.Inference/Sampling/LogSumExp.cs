using System.Numerics;
using System.Runtime.InteropServices;

namespace Brickwork.Inference.Sampling;

/// <summary>The logarithm of the sum of the exponentials of logits: what turns a logit into a log-probability.</summary>
static class LogSumExp
{
    /// <summary>Summed in F64, so that it holds for any vocabulary.</summary>
    internal static double Of(ReadOnlySpan<float> logits)
    {
        var highest = Highest(logits);
        var shift = new Vector<double>(highest);
        var sums = Vector<double>.Zero;
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(logits);
        foreach (var vector in vectors)
        {
            Vector.Widen(vector, out var low, out var high);
            sums += Vector.Exp(low - shift) + Vector.Exp(high - shift);
        }

        var sum = Vector.Sum(sums);
        foreach (var logit in logits[(vectors.Length * Vector<float>.Count)..])
            sum += Math.Exp(logit - highest);
        return highest + Math.Log(sum);
    }

    static double Highest(ReadOnlySpan<float> logits)
    {
        var highest = float.NegativeInfinity;
        foreach (var logit in logits)
            highest = Math.Max(highest, logit);
        return highest;
    }
}
