using System.Diagnostics;
using Brickwork.Tensors.Storage;
using Brickwork.Tensors.Weights;

namespace Brickwork.Benchmarks;

/// <summary>
/// Times matrix products in the shapes of a 1.1B Llama: bytes of weights per second at one token, operations per second at many.
/// </summary>
static class ProductBenchmark
{
    static readonly (int Rows, int Columns)[] Shapes = [(256, 2048), (2048, 2048), (5632, 2048), (2048, 5632)];

    public static int Run(string[] args)
    {
        var threads = args.Length > 0 ? int.Parse(args[0], System.Globalization.CultureInfo.InvariantCulture) : 1;
        var types = args.Length > 1 ? args[1..].Select(Enum.Parse<DType>) : [DType.F32, DType.F16, DType.Q4_0, DType.Q8_0, DType.Q6_K];
        foreach (var type in types)
            foreach (var (rows, columns) in Shapes)
                foreach (var precision in (Precision[])[Precision.Fast, Precision.Exact])
                    Time(threads, type, rows, columns, precision);
        return 0;
    }

    static void Time(int threads, DType type, int rows, int columns, Precision precision)
    {
        using var compute = new Compute(threads, precision: precision);
        using var arena = new Arena();
        var weights = new ProductWeights(compute, type, rows, columns);
        var line = $"{type,-7} {rows,6} x {columns,5} {precision,-6}";
        foreach (var tokens in (int[])[1, 2, 4, 8, 48, 256])
        {
            var x = ProductWeights.Inputs(tokens, columns);
            var y = Tensor.Zeros(tokens, rows);
            var best = Best(round =>
            {
                using var scope = arena.Mark();
                weights[round].Multiply(compute, ActivationRows.Of(compute, x, arena), y);
            });
            line += tokens < 8
                ? $" | T={tokens}: {weights.Bytes / best / 1e9,5:F1} GB/s"
                : $" | T={tokens}: {2.0 * rows * columns * tokens / best / 1e9,5:F0} GOP/s";
        }
        Console.WriteLine(line);
    }

    /// <summary>The shortest of many short rounds: other processes of the machine lengthen most of them.</summary>
    static double Best(Action<int> run)
    {
        var best = double.MaxValue;
        var begin = Stopwatch.GetTimestamp();
        for (var round = 0; round < 8 || Stopwatch.GetElapsedTime(begin).TotalSeconds < 0.3; round++)
        {
            var start = Stopwatch.GetTimestamp();
            run(round);
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
        return best;
    }
}
