using Brickwork.Kernels.Threading;

namespace Brickwork.Tensors.Weights;

/// <summary>A matrix in few bits a value, which is not trained and is written out as F32 for each product.</summary>
/// <param name="rows">R.</param>
/// <param name="columns">K.</param>
abstract class CodedMatrix(int rows, int columns)
{
    const int ChunkRows = 16;

    public int Rows => rows;

    public int Columns => columns;

    /// <summary>Memory it takes.</summary>
    public abstract long Bytes { get; }

    /// <summary>Writes one row as F32.</summary>
    public abstract void Read(int row, Span<float> values);

    /// <summary>Writes all rows as F32, [R, K].</summary>
    public void Expand(Compute compute, Tensor target) => compute.Team.Run((rows + ChunkRows - 1) / ChunkRows, new ExpandJob(this, target));

    readonly struct ExpandJob(CodedMatrix matrix, Tensor target) : IParallelJob
    {
        public void Run(int chunk)
        {
            for (var row = chunk * ChunkRows; row < Math.Min(matrix.Rows, (chunk + 1) * ChunkRows); row++)
                matrix.Read(row, target.Row(row));
        }
    }
}
