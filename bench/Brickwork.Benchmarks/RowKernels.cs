using BenchmarkDotNet.Attributes;
using Brickwork.Kernels.Activations;
using Brickwork.Kernels.QuantizedMatMul;
using Brickwork.Kernels.RmsNorm;
using Brickwork.Kernels.Rope;
using Brickwork.Kernels.Softmax;

namespace Brickwork.Benchmarks;

/// <summary>Kernels over one row, in the widths of a 1.1B Llama.</summary>
public class RowKernels : KernelBenchmark
{
    const int Width = 2048, Hidden = 5632, Head = 64;

    readonly float[] _row = ProductWeights.Inputs(1, Hidden).Floats.ToArray(), _other = ProductWeights.Inputs(1, Hidden).Floats.ToArray();
    readonly float[] _result = new float[Hidden];
    readonly byte[] _blocks = new byte[ActivationBlocks.RowBytes(Hidden)];
    readonly RopeTable _angles = new(new RopeOptions { Width = Head, Style = RopeStyle.AdjacentPairs });

    [Benchmark]
    public void RmsNorm() => RmsNormKernel.Run(Path, _row.AsSpan(0, Width), _other.AsSpan(0, Width), 1e-5f, _result.AsSpan(0, Width));

    [Benchmark]
    public void Softmax() => SoftmaxKernel.Run(Path, _row.AsSpan(0, Width), _result.AsSpan(0, Width));

    [Benchmark]
    public void SwiGlu() => ActivationKernel.Run(Path, ActivationKind.Silu, _row, _other, 0, _result);

    [Benchmark]
    public void Rope() => RopeKernel.Run(Path, RopeStyle.AdjacentPairs, _angles.Angles(100), _result.AsSpan(0, Head));

    [Benchmark]
    public void RoundToBytes() => ActivationBlocks.Quantize(Path, _row, _blocks);

    /// <summary>Operations are counted as on paper, an exponential as one.</summary>
    public override KernelWork WorkOf(string method) => method switch
    {
        nameof(RmsNorm) => new(4.0 * Width, 3.0 * sizeof(float) * Width),
        nameof(Softmax) => new(4.0 * Width, 2.0 * sizeof(float) * Width),
        nameof(SwiGlu) => new(5.0 * Hidden, 3.0 * sizeof(float) * Hidden),
        nameof(Rope) => new(3.0 * Head, 4.0 * sizeof(float) * Head),
        _ => new(2.0 * Hidden, sizeof(float) * (double)Hidden + _blocks.Length),
    };
}
