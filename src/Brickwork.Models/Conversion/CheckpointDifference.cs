using Brickwork.Kernels.Blocks;

namespace Brickwork.Models.Conversion;

/// <summary>How far one tensor is from its namesake.</summary>
/// <param name="Name">The name in both.</param>
/// <param name="Rms">Root of the mean squared difference; infinite where the shapes differ.</param>
/// <param name="Largest">The largest difference.</param>
/// <param name="Relative">The root of summed squared differences over that of the first tensor's values.</param>
readonly record struct TensorDifference(string Name, double Rms, double Largest, double Relative);

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
            differences.Add(Measure(tensor.Name, first.Open(tensor.Name), second.Open(tensor.Name)));
            report(done += tensor.Shape.Count, total);
        }
        return new CheckpointDifference(differences, Missing(first, second), Missing(second, first));
    }

    static List<string> Missing(Checkpoint from, Checkpoint other) =>
        [.. from.Tensors.Where(tensor => !other.Contains(tensor.Name)).Select(tensor => tensor.Name)];

    static TensorDifference Measure(string name, Tensor first, Tensor second)
    {
        if (first.Shape != second.Shape)
            return new TensorDifference(name, double.PositiveInfinity, double.PositiveInfinity, double.PositiveInfinity);
        var (a, b) = (new float[first.Columns], new float[first.Columns]);
        double squares = 0, ownSquares = 0, largest = 0;
        for (var row = 0; row < first.Rows; row++)
        {
            Dequantizer.Run(first.Type, first.RowSpan(row, 1), a);
            Dequantizer.Run(second.Type, second.RowSpan(row, 1), b);
            for (var column = 0; column < a.Length; column++)
            {
                double difference = a[column] - b[column];
                squares += difference * difference;
                ownSquares += (double)a[column] * a[column];
                largest = Math.Max(largest, Math.Abs(difference));
            }
        }
        return new TensorDifference(name, Math.Sqrt(squares / Math.Max(1, first.Shape.Count)), largest, squares == 0 ? 0 : Math.Sqrt(squares / ownSquares));
    }
}
