using Brickwork.Kernels.Blocks;
using Brickwork.Kernels.Threading;

namespace Brickwork.Bricks.Merge.Planning;

/// <summary>Whole tensors from storage to floats and back, rows in parallel.</summary>
static class TensorRows
{
    const int ChunkValues = 1 << 16;

    /// <exception cref="CheckpointException">A value is no finite number.</exception>
    public static float[] Read(in Tensor tensor, string name, string source, ThreadTeam? team)
    {
        var values = new float[tensor.Shape.Count];
        var perChunk = Math.Max(1, ChunkValues / Math.Max(1, tensor.Columns));
        var (job, chunks) = (new Reading(tensor, name, source, values, perChunk), (tensor.Rows + perChunk - 1) / perChunk);
        if (team is not null)
            team.Run(chunks, job);
        else
            for (var chunk = 0; chunk < chunks; chunk++)
                job.Run(chunk);
        return values;
    }

    /// <summary>Looks at the values of a tensor that is copied as it is stored; whole numbers are what they are.</summary>
    /// <exception cref="CheckpointException">A value is no finite number.</exception>
    public static Tensor Checked(Tensor tensor, string name, string source, ThreadTeam team)
    {
        if (tensor.Type is DType.I8 or DType.I16 or DType.I32 or DType.I64)
            return tensor;
        var perChunk = Math.Max(1, ChunkValues / Math.Max(1, tensor.Columns));
        team.Run((tensor.Rows + perChunk - 1) / perChunk, new Reading(tensor, name, source, null, perChunk));
        return tensor;
    }

    public static CheckpointException NotFinite(string name, string source, float value, int row, int column) => new(
        $"Tensor '{name}' in {source} holds {value} in row {row}, column {column}; expected finite numbers.", "The model is damaged: get the file again, or leave it out.");

    /// <exception cref="CheckpointException">A value cannot be stored in that type.</exception>
    public static Tensor Write(TensorInfo info, float[] values, ThreadTeam team, string source)
    {
        var tensor = Tensor.Zeros(info.Type, info.Shape);
        var perChunk = Math.Max(1, ChunkValues / Math.Max(1, tensor.Columns));
        team.Run((tensor.Rows + perChunk - 1) / perChunk, new Writing(tensor, info.Name, source, values, perChunk));
        return tensor;
    }

    // Without a place for the values they are looked at only.
    readonly struct Reading(Tensor tensor, string name, string source, float[]? values, int perChunk) : IParallelJob
    {
        public void Run(int chunk)
        {
            var (first, end) = (chunk * perChunk, Math.Min(tensor.Rows, (chunk + 1) * perChunk));
            var one = values is null ? new float[tensor.Columns] : [];
            for (var row = first; row < end; row++)
            {
                var target = values is null ? one : values.AsSpan(row * tensor.Columns, tensor.Columns);
                Dequantizer.Run(tensor.Type, tensor.RowSpan(row, 1), target);
                if (ValueLimit.FirstNotFinite(target) is >= 0 and var column)
                    throw NotFinite(name, source, target[column], row, column);
            }
        }
    }

    readonly struct Writing(Tensor tensor, string name, string source, float[] values, int perChunk) : IParallelJob
    {
        public void Run(int chunk)
        {
            var (first, end) = (chunk * perChunk, Math.Min(tensor.Rows, (chunk + 1) * perChunk));
            for (var row = first; row < end; row++)
                try
                {
                    Quantizer.Run(tensor.Type, values.AsSpan(row * tensor.Columns, tensor.Columns), tensor.RowSpan(row, 1));
                }
                catch (ArgumentException cause)
                {
                    throw new CheckpointException($"Tensor '{name}' made by {source} has a value in row {row} that {tensor.Type} cannot hold.", "Choose another 'out_dtype', such as bfloat16 or float32.", cause);
                }
        }
    }
}
