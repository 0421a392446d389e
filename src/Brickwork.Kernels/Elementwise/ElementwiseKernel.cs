namespace Brickwork.Kernels.Elementwise;

/// <summary>Sums, products and caps of rows, value by value.</summary>
static partial class ElementwiseKernel
{
    /// <summary>y = a + b.</summary>
    public static void Add(InstructionSet path, ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> y)
    {
        RequireEqual(a.Length, b.Length, y.Length);
        if (path == InstructionSet.Reference)
            AddReference(a, b, y);
        else
            Zip(path, new Sum(), a, b, y);
    }

    /// <summary>y = a · b.</summary>
    public static void Multiply(InstructionSet path, ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> y)
    {
        RequireEqual(a.Length, b.Length, y.Length);
        if (path == InstructionSet.Reference)
            MultiplyReference(a, b, y);
        else
            Zip(path, new Product(), a, b, y);
    }

    /// <summary>y += factor · x, each rounded once.</summary>
    public static void AddScaled(InstructionSet path, ReadOnlySpan<float> x, float factor, Span<float> y)
    {
        RequireEqual(x.Length, x.Length, y.Length);
        if (path == InstructionSet.Reference)
            AddScaledReference(x, factor, y);
        else
            Zip(path, new ScaledSum(factor), x, y, y);
    }

    /// <summary>y += a · b, each rounded once.</summary>
    public static void MultiplyAdd(InstructionSet path, ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> y)
    {
        RequireEqual(a.Length, b.Length, y.Length);
        if (path == InstructionSet.Avx512)
            LaneLoop.ZipAdd<Lanes512>(a, b, y);
        else if (path == InstructionSet.Avx2)
            LaneLoop.ZipAdd<Lanes256>(a, b, y);
        else if (path == InstructionSet.Vector)
            LaneLoop.ZipAdd<Lanes128>(a, b, y);
        else
            MultiplyAddReference(a, b, y);
    }

    /// <summary>y = factor · x.</summary>
    public static void Scale(InstructionSet path, ReadOnlySpan<float> x, float factor, Span<float> y)
    {
        RequireEqual(x.Length, x.Length, y.Length);
        if (path == InstructionSet.Reference)
            ScaleReference(x, factor, y);
        else
            Map(path, new Scaled(factor), x, y);
    }

    /// <summary>y = cap · tanh(x / cap).</summary>
    public static void SoftCap(InstructionSet path, ReadOnlySpan<float> x, float cap, Span<float> y)
    {
        RequireEqual(x.Length, x.Length, y.Length);
        if (path == InstructionSet.Reference)
            SoftCapReference(x, cap, y);
        else
            Map(path, new Capped(cap), x, y);
    }

    /// <summary>Runs a vector operation on the vectors of a path other than the reference.</summary>
    public static void Map<TOperation>(InstructionSet path, TOperation operation, ReadOnlySpan<float> x, Span<float> y)
        where TOperation : struct, IUnaryOperation
    {
        if (path == InstructionSet.Avx512)
            LaneLoop.Map<Lanes512, TOperation>(operation, x, y);
        else if (path == InstructionSet.Avx2)
            LaneLoop.Map<Lanes256, TOperation>(operation, x, y);
        else
            LaneLoop.Map<Lanes128, TOperation>(operation, x, y);
    }

    /// <inheritdoc cref="Map"/>
    public static void Zip<TOperation>(
        InstructionSet path, TOperation operation, ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> y)
        where TOperation : struct, IBinaryOperation
    {
        if (path == InstructionSet.Avx512)
            LaneLoop.Zip<Lanes512, TOperation>(operation, a, b, y);
        else if (path == InstructionSet.Avx2)
            LaneLoop.Zip<Lanes256, TOperation>(operation, a, b, y);
        else
            LaneLoop.Zip<Lanes128, TOperation>(operation, a, b, y);
    }

    static void RequireEqual(int first, int second, int third)
    {
        if (first != second || first != third)
            throw new ArgumentException($"Rows differ in length: {first}, {second}, {third}.");
    }

    readonly struct Sum : IBinaryOperation
    {
        public T Apply<T>(T a, T b) where T : struct, ILanes<T> => a + b;
    }

    readonly struct Product : IBinaryOperation
    {
        public T Apply<T>(T a, T b) where T : struct, ILanes<T> => a * b;
    }

    readonly struct ScaledSum(float factor) : IBinaryOperation
    {
        public T Apply<T>(T a, T b) where T : struct, ILanes<T> => T.MultiplyAdd(a, T.Broadcast(factor), b);
    }

    readonly struct Scaled(float factor) : IUnaryOperation
    {
        public T Apply<T>(T x) where T : struct, ILanes<T> => x * T.Broadcast(factor);
    }

    readonly struct Capped(float cap) : IUnaryOperation
    {
        public T Apply<T>(T x) where T : struct, ILanes<T> => LaneMath.Tanh(x / T.Broadcast(cap)) * T.Broadcast(cap);
    }
}
