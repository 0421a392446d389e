using Brickwork.Kernels.Elementwise;

namespace Brickwork.Kernels.Optimizers;

/// <summary>Steps along a direction that was found elsewhere. Every path gives the same bits.</summary>
static class MomentumKernel
{
    /// <summary>m = βm + s·g; d = s·g + βm: what Nesterov's step would follow.</summary>
    public static void Nesterov(InstructionSet path, float beta, float scale, ReadOnlySpan<float> gradients, Span<float> directions, Span<float> momentum)
    {
        UpdateLoop.RequireEqual(gradients.Length, directions.Length, momentum.Length);
        if (path != InstructionSet.Reference)
        {
            UpdateLoop.Run(path, new NesterovRule(beta, scale), gradients, directions, momentum);
            return;
        }
        for (var i = 0; i < momentum.Length; i++)
        {
            var gradient = gradients[i] * scale;
            momentum[i] = MathF.FusedMultiplyAdd(momentum[i], beta, gradient);
            directions[i] = MathF.FusedMultiplyAdd(momentum[i], beta, gradient);
        }
    }

    /// <summary>y = keep·y + factor·x: a step along x, or an average of both.</summary>
    public static void Blend(InstructionSet path, ReadOnlySpan<float> x, float factor, float keep, Span<float> y)
    {
        UpdateLoop.RequireEqual(x.Length, y.Length, y.Length);
        if (path != InstructionSet.Reference)
        {
            ElementwiseKernel.Zip(path, new BlendRule(factor, keep), x, y, y);
            return;
        }
        for (var i = 0; i < y.Length; i++)
            y[i] = MathF.FusedMultiplyAdd(y[i], keep, x[i] * factor);
    }

    readonly struct NesterovRule(float beta, float scale) : IUpdateRule
    {
        public void Apply<T>(T gradient, ref T weight, ref T memory) where T : struct, ILanes<T>
        {
            gradient *= T.Broadcast(scale);
            memory = T.MultiplyAdd(memory, T.Broadcast(beta), gradient);
            weight = T.MultiplyAdd(memory, T.Broadcast(beta), gradient);
        }
    }

    readonly struct BlendRule(float factor, float keep) : IBinaryOperation
    {
        public T Apply<T>(T a, T b) where T : struct, ILanes<T> => T.MultiplyAdd(b, T.Broadcast(keep), a * T.Broadcast(factor));
    }
}
