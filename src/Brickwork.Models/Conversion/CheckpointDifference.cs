using Brickwork.Kernels.Blocks;

namespace Brickwork.Models.Conversion;

/// <summary>How far one tensor is from its namesake.</summary>
/// <param name="First">The tensor of the first checkpoint.</param>
/// <param name="Second">Its namesake.</param>
/// <param name="Rms">Root of the mean squared difference; infinite where the shapes differ.</param>
/// <param name="Mean">The mean of absolute differences.</param>
/// <param name="Largest">The largest difference.</param>
/// <param name="Relative">The root of summed squared differences over that of the first tensor's values.</param>
/// <param name="Cosine">Of the angle between the two as vectors: 1 = the same direction, NaN where one is zero or the shapes differ.</param>
readonly record struct TensorDifference(TensorInfo First, TensorInfo Second, double Rms, double Mean, double Largest, double Relative, double Cosine)
{
    public string Name => First.Name;

    public bool IsSame => Largest == 0 && First == Second;
}

/// <summary>In which tensors two checkpoints differ, by dequantized value.</summary>
sealed record CheckpointDifference(
    IReadOnlyList<TensorDifference> Tensors, IReadOnlyList<string> OnlyFirst, IReadOnlyList<string> OnlySecond)
{
    public static CheckpointDifference Measure(Checkpoint first, Checkpoint second, Action<long, long> report, CancellationToken cancellation = default)
    {
        var shared = first.Tensors.Where(tensor => second.Contains(tensor.Name)).ToList();
        var total = shared.Sum(tensor => tensor.Shape.Count);
        var done = 0L;
        var differences = new List<TensorDifference>();
        foreach (var tensor in shared)
        {
            cancellation.ThrowIfCancellationRequested();
            differences.Add(Measure(tensor, first.Open(tensor.Name), second.Open(tensor.Name)));
            report(done += tensor.Shape.Count, total);
        }
        return new CheckpointDifference(differences, Missing(first, second), Missing(second, first));
    }

    static List<string> Missing(Checkpoint from, Checkpoint other) =>
        [.. from.Tensors.Where(tensor => !other.Contains(tensor.Name)).Select(tensor => tensor.Name)];

    static TensorDifference Measure(TensorInfo firstInfo, Tensor first, Tensor second)
    {
        var secondInfo = new TensorInfo(firstInfo.Name, second.Type, second.Shape);
        if (first.Shape != second.Shape)
            return new TensorDifference(firstInfo, secondInfo, double.PositiveInfinity, double.PositiveInfinity, double.PositiveInfinity, double.PositiveInfinity, double.NaN);
        var (a, b) = (new float[first.Columns], new float[first.Columns]);
        double squares = 0, sum = 0, largest = 0, firstSquares = 0, secondSquares = 0, products = 0;
        for (var row = 0; row < first.Rows; row++)
        {
            Dequantizer.Run(first.Type, first.RowSpan(row, 1), a);
            Dequantizer.Run(second.Type, second.RowSpan(row, 1), b);
            for (var column = 0; column < a.Length; column++)
            {
                var difference = (double)a[column] - b[column];
                squares += difference * difference;
                sum += Math.Abs(difference);
                firstSquares += (double)a[column] * a[column];
                secondSquares += (double)b[column] * b[column];
                products += (double)a[column] * b[column];
                largest = Larger(largest, Math.Abs(difference));
            }
        }
        var count = Math.Max(1, first.Shape.Count);
        return new TensorDifference(
            firstInfo, secondInfo, Math.Sqrt(squares / count), sum / count, largest, squares == 0 ? 0 : Math.Sqrt(squares / firstSquares), products / Math.Sqrt(firstSquares * secondSquares));
    }

    // What is no number must not look as if it were the same.
    static double Larger(double largest, double difference) => double.IsNaN(difference) ? double.PositiveInfinity : Math.Max(largest, difference);
}
