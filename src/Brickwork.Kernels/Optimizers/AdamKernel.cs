using Brickwork.Kernels.Elementwise;

namespace Brickwork.Kernels.Optimizers;

/// <summary>The numbers of one step of Adam, the same for all weights.</summary>
/// <param name="Rate">η, the learning rate.</param>
/// <param name="Decay">λ: weights shrink by η·λ.</param>
/// <param name="Beta1">How much of the mean gradient stays.</param>
/// <param name="Beta2">How much of the mean square stays.</param>
/// <param name="Epsilon">ε, added to the root.</param>
/// <param name="FirstScale">1 / (1 − β₁ᵗ).</param>
/// <param name="SecondScale">1 / (1 − β₂ᵗ).</param>
/// <param name="GradientScale">What gradients are multiplied by first: clipping.</param>
readonly record struct AdamStep(
    float Rate, float Decay, float Beta1, float Beta2, float Epsilon, float FirstScale, float SecondScale, float GradientScale);

/// <summary>Adam with decoupled weight decay (Loshchilov &amp; Hutter 2019, algorithm 2) on a run of weights.</summary>
/// <remarks>m = β₁m + (1−β₁)g; v = β₂v + (1−β₂)g²; w = (1−ηλ)w − η·m̂ / (√v̂ + ε). Every path gives the same bits.</remarks>
static class AdamKernel
{
    public static void Run(
        InstructionSet path, in AdamStep step, ReadOnlySpan<float> gradients, Span<float> weights, Span<float> firsts, Span<float> seconds)
    {
        UpdateLoop.RequireEqual(gradients.Length, weights.Length, firsts.Length);
        UpdateLoop.RequireEqual(gradients.Length, weights.Length, seconds.Length);
        if (path == InstructionSet.Reference)
            RunReference(step, gradients, weights, firsts, seconds);
        else
            UpdateLoop.Run(path, new Rule(step), gradients, weights, firsts, seconds);
    }

    static void RunReference(in AdamStep step, ReadOnlySpan<float> gradients, Span<float> weights, Span<float> firsts, Span<float> seconds)
    {
        for (var i = 0; i < weights.Length; i++)
        {
            var gradient = gradients[i] * step.GradientScale;
            firsts[i] = MathF.FusedMultiplyAdd(firsts[i], step.Beta1, gradient * (1 - step.Beta1));
            seconds[i] = MathF.FusedMultiplyAdd(seconds[i], step.Beta2, gradient * gradient * (1 - step.Beta2));
            var root = MathF.Sqrt(seconds[i] * step.SecondScale) + step.Epsilon;
            weights[i] = MathF.FusedMultiplyAdd(weights[i], 1 - step.Rate * step.Decay, firsts[i] * (-step.Rate * step.FirstScale) / root);
        }
    }

    readonly struct Rule(AdamStep step) : ITwoMomentRule
    {
        public void Apply<T>(T gradient, ref T weight, ref T first, ref T second) where T : struct, ILanes<T>
        {
            gradient *= T.Broadcast(step.GradientScale);
            first = T.MultiplyAdd(first, T.Broadcast(step.Beta1), gradient * T.Broadcast(1 - step.Beta1));
            second = T.MultiplyAdd(second, T.Broadcast(step.Beta2), gradient * gradient * T.Broadcast(1 - step.Beta2));
            var root = T.Sqrt(second * T.Broadcast(step.SecondScale)) + T.Broadcast(step.Epsilon);
            var change = first * T.Broadcast(-step.Rate * step.FirstScale) / root;
            weight = T.MultiplyAdd(weight, T.Broadcast(1 - step.Rate * step.Decay), change);
        }
    }
}
