using System.Buffers;
using Brickwork.Kernels.Threading;

namespace Brickwork.Tensors.Operations;

/// <summary>Work on rows that also adds to sums over all rows, such as the gradients of gains and biases.</summary>
interface IColumnSumWork
{
    /// <summary>Works on some rows.</summary>
    /// <param name="firstRow">The first of them.</param>
    /// <param name="rows">How many.</param>
    /// <param name="first">Added to; empty where these sums are not wanted.</param>
    /// <param name="second">Likewise.</param>
    void Run(int firstRow, int rows, Span<float> first, Span<float> second);
}

/// <summary>Shares rows among threads where sums over all rows are wanted too.</summary>
/// <remarks>
/// The rows are cut by the shape alone, each piece has sums of its own, and these are added in the order of the pieces: the bits do not
/// depend on the number of threads.
/// </remarks>
static class ColumnSums
{
    const int PieceValues = 16 * 1024;
    const int MostPieces = 64;

    /// <param name="compute">Threads.</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="columns">Values of a row, which measure the work.</param>
    /// <param name="work">The work.</param>
    /// <param name="first">The sums are added to it; null = not wanted.</param>
    /// <param name="second">Likewise.</param>
    public static void Run<TWork>(Compute compute, int rows, int columns, in TWork work, in Tensor? first, in Tensor? second = null)
        where TWork : struct, IColumnSumWork =>
        Run(compute, rows, columns, work, first is { } a ? a.Floats : default, second is { } b ? b.Floats : default);

    /// <summary>The same with sums that are no tensors; empty = not wanted.</summary>
    public static void Run<TWork>(Compute compute, int rows, int columns, in TWork work, Span<float> first, Span<float> second)
        where TWork : struct, IColumnSumWork
    {
        if (rows == 0 || columns == 0)
            return;
        var pieceRows = Math.Max(Math.Max(1, PieceValues / columns), (rows + MostPieces - 1) / MostPieces);
        var pieces = (rows + pieceRows - 1) / pieceRows;
        if (pieces == 1)
        {
            work.Run(0, rows, first, second);
            return;
        }
        var sums = ArrayPool<float>.Shared.Rent(pieces * (first.Length + second.Length));
        compute.Team.Run(pieces, new Job<TWork>(work, rows, pieceRows, sums, first.Length, second.Length));
        for (var piece = 0; piece < pieces; piece++)
        {
            var part = sums.AsSpan(piece * (first.Length + second.Length));
            AddTo(first, part);
            AddTo(second, part[first.Length..]);
        }
        ArrayPool<float>.Shared.Return(sums);
    }

    static void AddTo(Span<float> sums, ReadOnlySpan<float> part)
    {
        for (var i = 0; i < sums.Length; i++)
            sums[i] += part[i];
    }

    readonly struct Job<TWork>(TWork work, int rows, int pieceRows, float[] sums, int first, int second) : IParallelJob
        where TWork : struct, IColumnSumWork
    {
        public void Run(int piece)
        {
            var own = sums.AsSpan(piece * (first + second), first + second);
            own.Clear();
            work.Run(piece * pieceRows, Math.Min(pieceRows, rows - piece * pieceRows), own[..first], own[first..]);
        }
    }
}
