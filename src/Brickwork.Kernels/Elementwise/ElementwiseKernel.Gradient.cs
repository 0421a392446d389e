using System.Runtime.CompilerServices;

namespace Brickwork.Kernels.Elementwise;

static partial class ElementwiseKernel
{
    /// <summary>(y, z) += f(a, b, c) on the vectors of a path other than the reference; an empty y or z is not wanted.</summary>
    public static void Accumulate<TOperation>(
        InstructionSet path, TOperation operation, ReadOnlySpan<float> a, ReadOnlySpan<float> b, ReadOnlySpan<float> c, Span<float> y, Span<float> z)
        where TOperation : struct, IAccumulation
    {
        if (path == InstructionSet.Avx512)
            LaneLoop.Accumulate<Lanes512, TOperation>(operation, a, b, c, y, z);
        else if (path == InstructionSet.Avx2)
            LaneLoop.Accumulate<Lanes256, TOperation>(operation, a, b, c, y, z);
        else
            LaneLoop.Accumulate<Lanes128, TOperation>(operation, a, b, c, y, z);
    }

    /// <summary>The sums over three rows on the vectors of a path other than the reference.</summary>
    public static (float Y, float Z) Sums<TOperation>(
        InstructionSet path, TOperation operation, ReadOnlySpan<float> a, ReadOnlySpan<float> b, ReadOnlySpan<float> c, float padding = 0)
        where TOperation : struct, IAccumulation => path switch
        {
            InstructionSet.Avx512 => LaneLoop.Sums<Lanes512, TOperation>(operation, a, b, c, padding),
            InstructionSet.Avx2 => LaneLoop.Sums<Lanes256, TOperation>(operation, a, b, c, padding),
            _ => LaneLoop.Sums<Lanes128, TOperation>(operation, a, b, c, padding),
        };

    /// <summary>a += x and b += x; an empty one is not wanted.</summary>
    public static void AddToBoth(InstructionSet path, ReadOnlySpan<float> x, Span<float> a, Span<float> b)
    {
        if (path == InstructionSet.Reference)
        {
            AddReference(x[..a.Length], a, a);
            AddReference(x[..b.Length], b, b);
        }
        else
            Accumulate(path, default(Copies), x, x, x, a, b);
    }

    /// <summary>For y = a · b: da += dy · b and db += dy · a; an empty one is not wanted.</summary>
    public static void MultiplyBackward(
        InstructionSet path, ReadOnlySpan<float> a, ReadOnlySpan<float> b, ReadOnlySpan<float> dy, Span<float> da, Span<float> db)
    {
        RequireEqual(a.Length, b.Length, dy.Length);
        if (path == InstructionSet.Reference)
        {
            MultiplyAddReference(dy[..da.Length], b[..da.Length], da);
            MultiplyAddReference(dy[..db.Length], a[..db.Length], db);
        }
        else
            Accumulate(path, default(ProductSlopes), a, b, dy, da, db);
    }

    /// <summary>For y = cap · tanh(x / cap): the gradient of y becomes that of x, dx = dy · (1 − (y / cap)²).</summary>
    public static void SoftCapBackward(InstructionSet path, ReadOnlySpan<float> y, float cap, Span<float> dy)
    {
        RequireEqual(y.Length, y.Length, dy.Length);
        if (path == InstructionSet.Reference)
            SoftCapBackwardReference(y, cap, dy);
        else
            Zip(path, new CapSlope(cap), y, dy, dy);
    }

    readonly struct Copies : IAccumulation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply<T>(T x, T same, T again, ref T a, ref T b) where T : struct, ILanes<T> => (a, b) = (a + x, b + x);
    }

    readonly struct ProductSlopes : IAccumulation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply<T>(T a, T b, T dy, ref T da, ref T db) where T : struct, ILanes<T>
        {
            da = T.MultiplyAdd(dy, b, da);
            db = T.MultiplyAdd(dy, a, db);
        }
    }

    readonly struct CapSlope(float cap) : IBinaryOperation
    {
        public T Apply<T>(T y, T dy) where T : struct, ILanes<T>
        {
            var share = y / T.Broadcast(cap);
            return dy * (T.Broadcast(1) - share) * (T.Broadcast(1) + share);
        }
    }
}
