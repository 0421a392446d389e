using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Brickwork.Kernels.Elementwise;

namespace Brickwork.Kernels.Rope;

/// <summary>Turns pairs of values by an angle that grows with the position, one head at one position.</summary>
/// <remarks>
/// Su et al. 2021. The angles come as n values [cosines, sines]: for <see cref="RopeStyle.HalfSplit"/> n/2 and n/2; for
/// <see cref="RopeStyle.AdjacentPairs"/> n and n, each pair's cosine twice and its sine as −s, s. The values behind the first n stay.
/// </remarks>
static partial class RopeKernel
{
    /// <summary>How many floats hold the angles of one position.</summary>
    public static int AngleCount(RopeStyle style, int width) => style == RopeStyle.HalfSplit ? width : 2 * width;

    /// <summary>Turns a head in place.</summary>
    public static void Run(InstructionSet path, RopeStyle style, ReadOnlySpan<float> angles, Span<float> head) =>
        Turn<Onward>(path, style, angles, head);

    /// <summary>Turns the gradient of a head back, in place: the transposed rotation, with the same magnitude.</summary>
    public static void Backward(InstructionSet path, RopeStyle style, ReadOnlySpan<float> angles, Span<float> head) =>
        Turn<Back>(path, style, angles, head);

    static void Turn<TDirection>(InstructionSet path, RopeStyle style, ReadOnlySpan<float> angles, Span<float> head)
        where TDirection : struct, IDirection
    {
        var width = style == RopeStyle.HalfSplit ? angles.Length : angles.Length / 2;
        if (width > head.Length)
            throw new ArgumentException($"A head of {head.Length} values cannot turn {width}.", nameof(head));
        if (path == InstructionSet.Reference)
            RunReference(style, angles, head, TDirection.Sign);
        else if (path == InstructionSet.Avx512)
            RunLanes<Lanes512, TDirection>(style, angles, head[..width]);
        else if (path == InstructionSet.Avx2)
            RunLanes<Lanes256, TDirection>(style, angles, head[..width]);
        else
            RunLanes<Lanes128, TDirection>(style, angles, head[..width]);
    }

    static void RunLanes<T, TDirection>(RopeStyle style, ReadOnlySpan<float> angles, Span<float> head)
        where T : struct, ILanes<T>
        where TDirection : struct, IDirection
    {
        if (style == RopeStyle.HalfSplit)
            TurnHalves<T, TDirection>(angles[..(head.Length / 2)], angles[(head.Length / 2)..], head[..(head.Length / 2)], head[(head.Length / 2)..]);
        else
            TurnNeighbours<T, TDirection>(angles[..head.Length], angles[head.Length..], head);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void TurnHalves<T, TDirection>(ReadOnlySpan<float> cosines, ReadOnlySpan<float> sines, Span<float> first, Span<float> second)
        where T : struct, ILanes<T>
        where TDirection : struct, IDirection
    {
        ref var low = ref MemoryMarshal.GetReference(first);
        ref var high = ref MemoryMarshal.GetReference(second);
        var whole = first.Length - first.Length % T.Count;
        for (var i = 0; i < whole; i += T.Count)
        {
            var cosine = T.Load(ref MemoryMarshal.GetReference(cosines), (nuint)i);
            var sine = TDirection.Sine(T.Load(ref MemoryMarshal.GetReference(sines), (nuint)i));
            var (x, y) = (T.Load(ref low, (nuint)i), T.Load(ref high, (nuint)i));
            T.Store(x * cosine - y * sine, ref low, (nuint)i);
            T.Store(y * cosine + x * sine, ref high, (nuint)i);
        }
        if (whole < first.Length)
        {
            var cosine = LaneLoop.LoadTail<T>(cosines[whole..]);
            var sine = TDirection.Sine(LaneLoop.LoadTail<T>(sines[whole..]));
            var (x, y) = (LaneLoop.LoadTail<T>(first[whole..]), LaneLoop.LoadTail<T>(second[whole..]));
            LaneLoop.StoreTail(x * cosine - y * sine, first[whole..]);
            LaneLoop.StoreTail(y * cosine + x * sine, second[whole..]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void TurnNeighbours<T, TDirection>(ReadOnlySpan<float> cosines, ReadOnlySpan<float> sines, Span<float> head)
        where T : struct, ILanes<T>
        where TDirection : struct, IDirection
    {
        ref var values = ref MemoryMarshal.GetReference(head);
        var whole = head.Length - head.Length % T.Count;
        for (var i = 0; i < whole; i += T.Count)
        {
            var x = T.Load(ref values, (nuint)i);
            var cosine = T.Load(ref MemoryMarshal.GetReference(cosines), (nuint)i);
            var sine = TDirection.Sine(T.Load(ref MemoryMarshal.GetReference(sines), (nuint)i));
            T.Store(x * cosine + T.SwapPairs(x) * sine, ref values, (nuint)i);
        }
        if (whole < head.Length)
        {
            var x = LaneLoop.LoadTail<T>(head[whole..]);
            var sine = TDirection.Sine(LaneLoop.LoadTail<T>(sines[whole..]));
            LaneLoop.StoreTail(x * LaneLoop.LoadTail<T>(cosines[whole..]) + T.SwapPairs(x) * sine, head[whole..]);
        }
    }

    /// <summary>Which way to turn, known when the code is compiled.</summary>
    interface IDirection
    {
        static abstract float Sign { get; }

        static abstract T Sine<T>(T sine) where T : struct, ILanes<T>;
    }

    readonly struct Onward : IDirection
    {
        public static float Sign => 1;

        public static T Sine<T>(T sine) where T : struct, ILanes<T> => sine;
    }

    readonly struct Back : IDirection
    {
        public static float Sign => -1;

        public static T Sine<T>(T sine) where T : struct, ILanes<T> => T.Broadcast(0) - sine;
    }
}
