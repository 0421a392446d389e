using BenchmarkDotNet.Attributes;
using Brickwork.Kernels.MatMul;
using Brickwork.Tensors.Operations;

namespace Brickwork.Benchmarks;

/// <summary>The products of a training step: forwards, and backwards to inputs and weights.</summary>
public class TrainingProducts : KernelBenchmark, IDisposable
{
    const int Tokens = 2048;

    Compute _compute = null!;
    Tensor _inputs, _weights, _outputs;

    /// <summary>Inputs and outputs of the map.</summary>
    [Params("256x256", "256x768", "768x256", "1024x1024")]
    public string Map { get; set; } = "256x768";

    [GlobalSetup]
    public void Prepare()
    {
        _compute = new Compute(threads: 1, Path);
        _inputs = ProductWeights.Inputs(Tokens, Inputs);
        _weights = ProductWeights.Inputs(Outputs, Inputs);
        _outputs = ProductWeights.Inputs(Tokens, Outputs);
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _compute?.Dispose();
        GC.SuppressFinalize(this);
    }

    public override KernelWork WorkOf(string method) =>
        new(2.0 * Tokens * Inputs * Outputs, sizeof(float) * ((double)Tokens * (Inputs + Outputs) + (double)Inputs * Outputs));

    [Benchmark]
    public void Forward() => Gemm.Run(_compute, Transposes.Second, _inputs, _weights, _outputs);

    [Benchmark]
    public void ToInputs() => Gemm.Add(_compute, Transposes.None, _outputs, _weights, _inputs, 1e-9f);

    [Benchmark]
    public void ToWeights() => Gemm.Add(_compute, Transposes.First, _outputs, _inputs, _weights, 1e-9f);

    int Inputs => Side(0);

    int Outputs => Side(1);

    int Side(int index) => int.Parse(Map.Split('x')[index], System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>The products of one block of attention, which run inside one thread.</summary>
public class BlockProducts : KernelBenchmark
{
    const int Stride = 256;

    readonly float[] _left = ProductWeights.Inputs(256, Stride).Floats.ToArray(), _right = ProductWeights.Inputs(256, Stride).Floats.ToArray();
    readonly float[] _product = new float[256 * 256];

    /// <summary>Queries, and keys.</summary>
    [Params(64, 128)]
    public int Block { get; set; }

    /// <summary>Values of a head.</summary>
    [Params(32, 64)]
    public int Width { get; set; }

    public override KernelWork WorkOf(string method) =>
        new(2.0 * Block * Block * Width, sizeof(float) * ((double)Block * Block + 2.0 * Block * Width));

    [Benchmark]
    public void Scores() => GemmKernel.Run(Path, GemmTarget.Replace, new GemmSize(Block, Block, Width), new MatrixView(_left, Stride),
        new MatrixView(_right, Stride).Transposed, 1, _product, Block);

    [Benchmark]
    public void Values() => GemmKernel.Run(Path, GemmTarget.Replace, new GemmSize(Block, Width, Block), new MatrixView(_left, Stride),
        new MatrixView(_right, Stride), 1, _product, Stride);

    [Benchmark]
    public void ToValues() => GemmKernel.Run(Path, GemmTarget.Replace, new GemmSize(Block, Width, Block),
        new MatrixView(_left, Stride).Transposed, new MatrixView(_right, Stride), 1, _product, Stride);
}
