using BenchmarkDotNet.Attributes;
using Brickwork.Kernels.QuantizedMatMul;
using Brickwork.Tensors.Storage;
using Brickwork.Tensors.Weights;

namespace Brickwork.Benchmarks;

/// <summary>y = x·Wᵀ in the shape of a 1.1B Llama's attention.</summary>
public abstract class Products : KernelBenchmark, IDisposable
{
    const int Rows = 2048, Columns = 2048;

    readonly Arena _arena = new();
    Compute _compute = null!;
    ProductWeights _weights = null!;
    Tensor _inputs, _outputs;
    int _round;

    /// <summary>How the weights are stored.</summary>
    protected abstract DType Stored { get; }

    /// <summary>How many rows of inputs.</summary>
    protected abstract int Inputs { get; }

    [GlobalSetup]
    public void Prepare()
    {
        _compute = new Compute(threads: 1, Path);
        _weights = new ProductWeights(_compute, Stored, Rows, Columns);
        _inputs = ProductWeights.Inputs(Inputs, Columns);
        _outputs = Tensor.Zeros(Inputs, Rows);
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _compute?.Dispose();
        _arena.Dispose();
        GC.SuppressFinalize(this);
    }

    public override KernelWork WorkOf(string method) =>
        new(2.0 * Rows * Columns * Inputs, (double)Stored.RowBytes(Columns) * Rows + sizeof(float) * Inputs * (double)(Rows + Columns));

    /// <summary>The product, rounding of the inputs included.</summary>
    protected void Run()
    {
        using var scope = _arena.Mark();
        _weights[_round++ & int.MaxValue].Multiply(_compute, ActivationRows.Of(_compute, _inputs, _arena), _outputs);
    }
}

/// <summary>Quantized weights: one token as in writing, a few as in writing several texts, many as in reading.</summary>
public class QuantizedProduct : Products
{
    [ParamsSource(nameof(Types))]
    public DType Type { get; set; }

    [Params(1, 2, 4, 8, 64)]
    public int Tokens { get; set; }

    public static IEnumerable<DType> Types => PanelProduct.Types;

    protected override DType Stored => Type;

    protected override int Inputs => Tokens;

    [Benchmark]
    public void Product() => Run();
}

/// <summary>Weights that are stored as numbers.</summary>
public class FloatProduct : Products
{
    [Params(DType.F32, DType.F16, DType.BF16)]
    public DType Type { get; set; }

    [Params(1, 4, 64)]
    public int Tokens { get; set; }

    protected override DType Stored => Type;

    protected override int Inputs => Tokens;

    [Benchmark]
    public void Product() => Run();
}
