using Brickwork.Tensors.Autograd;

namespace Brickwork.Models.Parts;

sealed partial record ExpertRouting
{
    /// <summary>Records the weights of the chosen. Which experts were chosen counts as given: it has no slope.</summary>
    /// <param name="tape">The tape.</param>
    /// <param name="logits">[T, E].</param>
    /// <param name="scores">[T, E], what <see cref="Choose"/> made of them.</param>
    /// <param name="experts">[T·U].</param>
    /// <param name="weights">[T, U].</param>
    public void Record(Tape tape, Tensor logits, Tensor scores, ReadOnlySpan<int> experts, Tensor weights)
    {
        if (tape.Wants(logits))
            tape.Record(weights, new Step(this, logits, scores, experts.ToArray(), weights));
    }

    /// <summary>Adds to the gradient of one row's logits.</summary>
    /// <param name="scores">[E], what <see cref="Choose"/> made of the logits.</param>
    /// <param name="experts">[Used], the chosen.</param>
    /// <param name="dWeights">[Used], the gradient of their weights.</param>
    /// <param name="dLogits">[E], added to.</param>
    public void Backward(ReadOnlySpan<float> scores, ReadOnlySpan<int> experts, ReadOnlySpan<float> dWeights, Span<float> dLogits)
    {
        Span<float> values = stackalloc float[Used];
        Span<float> slopes = stackalloc float[Used];
        for (var rank = 0; rank < Used; rank++)
            (values[rank], slopes[rank]) = (scores[experts[rank]], dWeights[rank] * Scale);
        if (Gate == ExpertGate.SoftmaxOfChosen)
        {
            Softmax(values);
            SoftmaxBackward(values, slopes, Dot(values, slopes));
        }
        else if (Normalize)
            NormalizeBackward(values, slopes);
        if (Gate == ExpertGate.Sigmoid)
            for (var rank = 0; rank < Used; rank++)
                slopes[rank] *= values[rank] * (1 - values[rank]);
        if (Gate == ExpertGate.Softmax)
        {
            // The scores of all experts made room for those of the chosen.
            var mean = Dot(values, slopes);
            for (var expert = 0; expert < scores.Length; expert++)
                dLogits[expert] -= scores[expert] * mean;
            for (var rank = 0; rank < Used; rank++)
                slopes[rank] *= values[rank];
        }
        for (var rank = 0; rank < Used; rank++)
            dLogits[experts[rank]] += slopes[rank];
    }

    static void NormalizeBackward(ReadOnlySpan<float> scores, Span<float> slopes)
    {
        var sum = 0f;
        foreach (var score in scores)
            sum += score;
        // Below the least sum, scores are divided by a constant.
        var mean = sum > LeastSum ? Dot(scores, slopes) / sum : 0;
        foreach (ref var slope in slopes)
            slope = (slope - mean) / Math.Max(sum, LeastSum);
    }

    static void SoftmaxBackward(ReadOnlySpan<float> shares, Span<float> slopes, float mean)
    {
        for (var rank = 0; rank < shares.Length; rank++)
            slopes[rank] = shares[rank] * (slopes[rank] - mean);
    }

    static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var sum = 0f;
        for (var index = 0; index < a.Length; index++)
            sum += a[index] * b[index];
        return sum;
    }

    sealed class Step(ExpertRouting routing, Tensor logits, Tensor scores, int[] experts, Tensor weights) : IGradient
    {
        public void Backward(Tape tape)
        {
            var (used, slopes, sum) = (routing.Used, tape.Gradient(weights), tape.TrySum(logits)!.Value);
            for (var row = 0; row < logits.Rows; row++)
                routing.Backward(scores.Row(row), experts.AsSpan(row * used, used), slopes.Row(row), sum.Part(row * logits.Columns, logits.Columns));
        }
    }
}
