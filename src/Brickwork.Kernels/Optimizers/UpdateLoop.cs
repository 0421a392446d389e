using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Brickwork.Kernels.Elementwise;

namespace Brickwork.Kernels.Optimizers;

/// <summary>Walks weights, gradients and moments together. The last values go through the same vector code as all others.</summary>
static class UpdateLoop
{
    /// <summary>Runs a rule on the vectors of a path other than the reference.</summary>
    public static void Run<TRule>(InstructionSet path, TRule rule, ReadOnlySpan<float> gradients, Span<float> weights, Span<float> memory)
        where TRule : struct, IUpdateRule
    {
        if (path == InstructionSet.Avx512)
            Walk<Lanes512, TRule>(rule, gradients, weights, memory);
        else if (path == InstructionSet.Avx2)
            Walk<Lanes256, TRule>(rule, gradients, weights, memory);
        else
            Walk<Lanes128, TRule>(rule, gradients, weights, memory);
    }

    /// <inheritdoc cref="Run{TRule}(InstructionSet, TRule, ReadOnlySpan{float}, Span{float}, Span{float})"/>
    public static void Run<TRule>(
        InstructionSet path, TRule rule, ReadOnlySpan<float> gradients, Span<float> weights, Span<float> firsts, Span<float> seconds)
        where TRule : struct, ITwoMomentRule
    {
        if (path == InstructionSet.Avx512)
            Walk<Lanes512, TRule>(rule, gradients, weights, firsts, seconds);
        else if (path == InstructionSet.Avx2)
            Walk<Lanes256, TRule>(rule, gradients, weights, firsts, seconds);
        else
            Walk<Lanes128, TRule>(rule, gradients, weights, firsts, seconds);
    }

    public static void RequireEqual(int gradients, int weights, int memory)
    {
        if (gradients != weights || gradients != memory)
            throw new ArgumentException($"Rows differ in length: {gradients} gradients, {weights} weights, {memory} moments.");
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Walk<T, TRule>(TRule rule, ReadOnlySpan<float> gradients, Span<float> weights, Span<float> memory)
        where T : struct, ILanes<T>
        where TRule : struct, IUpdateRule
    {
        ref var gradient = ref MemoryMarshal.GetReference(gradients);
        ref var weight = ref MemoryMarshal.GetReference(weights);
        ref var remembered = ref MemoryMarshal.GetReference(memory);
        var whole = weights.Length - weights.Length % T.Count;
        for (var i = 0; i < whole; i += T.Count)
        {
            var w = T.Load(ref weight, (nuint)i);
            var m = T.Load(ref remembered, (nuint)i);
            rule.Apply(T.Load(ref gradient, (nuint)i), ref w, ref m);
            T.Store(w, ref weight, (nuint)i);
            T.Store(m, ref remembered, (nuint)i);
        }
        if (whole == weights.Length)
            return;
        var lastWeight = LaneLoop.LoadTail<T>(weights[whole..]);
        var lastMemory = LaneLoop.LoadTail<T>(memory[whole..]);
        rule.Apply(LaneLoop.LoadTail<T>(gradients[whole..]), ref lastWeight, ref lastMemory);
        LaneLoop.StoreTail(lastWeight, weights[whole..]);
        LaneLoop.StoreTail(lastMemory, memory[whole..]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Walk<T, TRule>(TRule rule, ReadOnlySpan<float> gradients, Span<float> weights, Span<float> firsts, Span<float> seconds)
        where T : struct, ILanes<T>
        where TRule : struct, ITwoMomentRule
    {
        ref var gradient = ref MemoryMarshal.GetReference(gradients);
        ref var weight = ref MemoryMarshal.GetReference(weights);
        ref var first = ref MemoryMarshal.GetReference(firsts);
        ref var second = ref MemoryMarshal.GetReference(seconds);
        var whole = weights.Length - weights.Length % T.Count;
        for (var i = 0; i < whole; i += T.Count)
        {
            var w = T.Load(ref weight, (nuint)i);
            var m = T.Load(ref first, (nuint)i);
            var v = T.Load(ref second, (nuint)i);
            rule.Apply(T.Load(ref gradient, (nuint)i), ref w, ref m, ref v);
            T.Store(w, ref weight, (nuint)i);
            T.Store(m, ref first, (nuint)i);
            T.Store(v, ref second, (nuint)i);
        }
        if (whole == weights.Length)
            return;
        var lastWeight = LaneLoop.LoadTail<T>(weights[whole..]);
        var lastFirst = LaneLoop.LoadTail<T>(firsts[whole..]);
        var lastSecond = LaneLoop.LoadTail<T>(seconds[whole..]);
        rule.Apply(LaneLoop.LoadTail<T>(gradients[whole..]), ref lastWeight, ref lastFirst, ref lastSecond);
        LaneLoop.StoreTail(lastWeight, weights[whole..]);
        LaneLoop.StoreTail(lastFirst, firsts[whole..]);
        LaneLoop.StoreTail(lastSecond, seconds[whole..]);
    }
}
