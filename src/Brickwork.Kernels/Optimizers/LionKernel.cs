using Brickwork.Kernels.Elementwise;

namespace Brickwork.Kernels.Optimizers;

/// <summary>The numbers of one step of Lion, the same for all weights.</summary>
/// <param name="Rate">η, the learning rate.</param>
/// <param name="Decay">λ: weights shrink by η·λ.</param>
/// <param name="Beta1">How much of the momentum is in the direction of the step.</param>
/// <param name="Beta2">How much of the momentum stays.</param>
/// <param name="GradientScale">What gradients are multiplied by first: clipping.</param>
readonly record struct LionStep(float Rate, float Decay, float Beta1, float Beta2, float GradientScale);

/// <summary>Lion (Chen et al. 2023, algorithm 2) on a run of weights.</summary>
/// <remarks>w = (1−ηλ)w − η·sign(β₁m + (1−β₁)g); m = β₂m + (1−β₂)g. Every path gives the same bits.</remarks>
static class LionKernel
{
    public static void Run(InstructionSet path, in LionStep step, ReadOnlySpan<float> gradients, Span<float> weights, Span<float> momentum)
    {
        UpdateLoop.RequireEqual(gradients.Length, weights.Length, momentum.Length);
        if (path == InstructionSet.Reference)
            RunReference(step, gradients, weights, momentum);
        else
            UpdateLoop.Run(path, new Rule(step), gradients, weights, momentum);
    }

    static void RunReference(in LionStep step, ReadOnlySpan<float> gradients, Span<float> weights, Span<float> momentum)
    {
        for (var i = 0; i < weights.Length; i++)
        {
            var gradient = gradients[i] * step.GradientScale;
            var direction = MathF.FusedMultiplyAdd(momentum[i], step.Beta1, gradient * (1 - step.Beta1));
            var change = direction < 0 ? step.Rate : direction > 0 ? -step.Rate : 0;
            weights[i] = MathF.FusedMultiplyAdd(weights[i], 1 - step.Rate * step.Decay, change);
            momentum[i] = MathF.FusedMultiplyAdd(momentum[i], step.Beta2, gradient * (1 - step.Beta2));
        }
    }

    readonly struct Rule(LionStep step) : IUpdateRule
    {
        public void Apply<T>(T gradient, ref T weight, ref T memory) where T : struct, ILanes<T>
        {
            gradient *= T.Broadcast(step.GradientScale);
            var direction = T.MultiplyAdd(memory, T.Broadcast(step.Beta1), gradient * T.Broadcast(1 - step.Beta1));
            var zero = T.Broadcast(0);
            var change = T.SelectLess(direction, zero, T.Broadcast(step.Rate), T.SelectLess(zero, direction, T.Broadcast(-step.Rate), zero));
            weight = T.MultiplyAdd(weight, T.Broadcast(1 - step.Rate * step.Decay), change);
            memory = T.MultiplyAdd(memory, T.Broadcast(step.Beta2), gradient * T.Broadcast(1 - step.Beta2));
        }
    }
}
