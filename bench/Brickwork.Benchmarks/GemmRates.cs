using System.Diagnostics;
using Brickwork.Kernels.MatMul;
using Brickwork.Tensors.Operations;

namespace Brickwork.Benchmarks;

/// <summary>Times the products of a training step in all transposes: 10^9 operations per second of the best of many short rounds.</summary>
static class GemmRates
{
    static readonly (int Tokens, int Inputs, int Outputs)[] Shapes =
        [(2048, 256, 256), (2048, 256, 704), (2048, 704, 256), (2048, 768, 256), (4096, 256, 6144), (4096, 512, 512), (1024, 1024, 1024)];

    static readonly (int Rows, int Columns, int Depth)[] Small = [(64, 64, 32), (64, 32, 64), (64, 64, 64), (128, 128, 32), (128, 32, 128), (128, 128, 128)];

    public static int Run(string[] args)
    {
        var threads = args.Length > 0 ? int.Parse(args[0], System.Globalization.CultureInfo.InvariantCulture) : 1;
        using var compute = new Compute(threads);
        foreach (var (tokens, inputs, outputs) in Shapes)
        {
            var x = ProductWeights.Inputs(tokens, inputs);
            var w = ProductWeights.Inputs(outputs, inputs);
            var y = ProductWeights.Inputs(tokens, outputs);
            var operations = 2.0 * tokens * inputs * outputs;
            // A tiny factor keeps what is added to again and again from growing.
            double[] rates =
            [
                operations / Best(() => Gemm.Run(compute, Transposes.Second, x, w, y)),
                operations / Best(() => Gemm.Add(compute, Transposes.None, y, w, x, 1e-9f)),
                operations / Best(() => Gemm.Add(compute, Transposes.First, y, x, w, 1e-9f)),
                operations / Best(() => MatMul.Run(compute, x, w, y)),
            ];
            Console.WriteLine($"T={tokens,5} {inputs,4} -> {outputs,4} | x·Wᵀ {rates[0],4:F0} | dx += dy·W {rates[1],4:F0}"
                + $" | dW += dyᵀ·x {rates[2],4:F0} | x·Wᵀ as in reading {rates[3],4:F0}");
        }
        foreach (var (rows, columns, depth) in Small)
        {
            var size = new GemmSize(rows, columns, depth);
            var a = ProductWeights.Inputs(512, 256).Floats.ToArray();
            var b = ProductWeights.Inputs(512, 256).Floats.ToArray();
            var c = new float[rows * columns];
            var operations = 2.0 * rows * columns * depth;
            double Rate(bool first, bool second) => operations / Best(() =>
            {
                var left = new MatrixView(a, 256);
                var right = new MatrixView(b, 256);
                GemmKernel.Run(compute.InstructionSet, GemmTarget.Replace, size, first ? left.Transposed : left, second ? right.Transposed : right, 1, c, columns);
            });
            Console.WriteLine($"one thread {rows,3} x {columns,3} over {depth,3} | a·b {Rate(false, false),4:F0} | a·bᵀ {Rate(false, true),4:F0} | aᵀ·b {Rate(true, false),4:F0}");
        }
        return 0;
    }

    /// <summary>Nanoseconds of the shortest round: other processes of the machine lengthen most of them.</summary>
    static double Best(Action run)
    {
        var best = double.MaxValue;
        var begin = Stopwatch.GetTimestamp();
        for (var round = 0; round < 8 || Stopwatch.GetElapsedTime(begin).TotalSeconds < 0.1; round++)
        {
            var start = Stopwatch.GetTimestamp();
            run();
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalNanoseconds);
        }
        return best;
    }
}
