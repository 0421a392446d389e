using Brickwork.Kernels.Blocks;
using Brickwork.Kernels.Threading;

namespace Brickwork.Models.Conversion;

/// <summary>Rewrites tensors in another storage type, piece by piece, rows in parallel.</summary>
sealed partial class TensorConversion(ThreadTeam team, ImportanceMatrix? importance, CancellationToken cancellation)
{
    const int PieceBytes = 1 << 24;
    const int ChunkValues = 1 << 16;

    /// <summary>Rewrites a tensor and hands its bytes over in order.</summary>
    /// <exception cref="CheckpointException">A value cannot be written in that type.</exception>
    public void Run(string name, string source, Tensor from, DType type, SpanAction write)
    {
        var step = (int)Math.Clamp(PieceBytes / Math.Max(1, from.Columns * (long)sizeof(float)), 1, Math.Max(1, from.Rows));
        var rowBytes = checked((int)type.RowBytes(from.Columns));
        var target = Tensor.Zeros(DType.I8, step, rowBytes);
        var weights = importance?.Find(name, from);
        for (var first = 0; first < from.Rows; first += step)
        {
            cancellation.ThrowIfCancellationRequested();
            var count = Math.Min(step, from.Rows - first);
            var perChunk = Math.Max(1, ChunkValues / Math.Max(1, from.Columns));
            team.Run((count + perChunk - 1) / perChunk, new Job(name, source, from, target, type, weights, first, count, perChunk));
            write(target.RowSpan(0, count));
        }
    }

    /// <summary>A whole tensor in another type, with memory of its own.</summary>
    public Tensor Whole(string name, string source, Tensor from, DType type)
    {
        var result = Tensor.Zeros(type, from.Shape);
        var row = 0;
        Run(name, source, from, type, bytes =>
        {
            var rows = (int)(bytes.Length / result.RowBytes);
            bytes.CopyTo(result.RowSpan(row, rows));
            row += rows;
        });
        return result;
    }

    public delegate void SpanAction(ReadOnlySpan<byte> bytes);

    readonly struct Job(string name, string source, Tensor from, Tensor target, DType type, ImportanceMatrix.Weights? weights, int first, int count, int perChunk) : IParallelJob
    {
        public void Run(int chunk)
        {
            var values = new float[from.Columns];
            for (var row = chunk * perChunk; row < Math.Min(count, (chunk + 1) * perChunk); row++)
            {
                Dequantizer.Run(from.Type, from.RowSpan(first + row, 1), values);
                try
                {
                    Quantizer.Run(type, values, target.RowSpan(row, 1), weights is { } known ? known.ForRow(first + row) : default);
                }
                catch (ArgumentException fault)
                {
                    throw Refused(name, source, type, values, (first + (long)row) * values.Length, values.Length, fault);
                }
            }
        }
    }

    /// <summary>Names the value that cannot be stored: one that is no number, or else the largest.</summary>
    static CheckpointException Refused(string name, string source, DType type, ReadOnlySpan<float> values, long first, int columns, ArgumentException cause)
    {
        var index = ValueLimit.FirstNotFinite(values);
        if (index < 0)
        {
            index = 0;
            for (var i = 1; i < values.Length; i++)
                if (Math.Abs(values[i]) > Math.Abs(values[index]))
                    index = i;
        }
        return new CheckpointException(
            $"Tensor '{name}' in {source} holds {values[index]} in row {(first + index) / columns}, column {(first + index) % columns}; expected a number that {type} can hold.",
            float.IsFinite(values[index]) ? "Choose BF16 or F32." : "The model is damaged: get the file again, or convert it again from its source.", cause);
    }
}
