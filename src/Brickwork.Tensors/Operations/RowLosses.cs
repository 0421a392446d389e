using System.Buffers;

namespace Brickwork.Tensors.Operations;

/// <summary>The loss of one row of logits.</summary>
interface IRowLoss
{
    double Run(int row, int target);

    /// <summary>The row is not scored.</summary>
    void Skip(int row);
}

/// <summary>Sums of losses in the order of the rows, whichever thread computed them.</summary>
static class RowLosses
{
    /// <summary>The target of a row that is not scored.</summary>
    public const int NotScored = -1;

    public static double Sum<TLoss>(Compute compute, in Tensor logits, ReadOnlySpan<int> targets, in TLoss loss)
        where TLoss : struct, IRowLoss
    {
        if (logits.Rows != targets.Length)
            throw new ArgumentException($"{logits} wants one target for each row; found {targets.Length}.", nameof(targets));
        var kept = ArrayPool<int>.Shared.Rent(targets.Length);
        var losses = ArrayPool<double>.Shared.Rent(targets.Length);
        targets.CopyTo(kept);
        RowWork.Run(compute, logits.Rows, logits.Columns, new Work<TLoss>(loss, kept, losses));
        var sum = 0.0;
        foreach (var value in losses.AsSpan(0, targets.Length))
            sum += value;
        ArrayPool<int>.Shared.Return(kept);
        ArrayPool<double>.Shared.Return(losses);
        return sum;
    }

    readonly struct Work<TLoss>(TLoss loss, int[] targets, double[] losses) : IRowWork where TLoss : struct, IRowLoss
    {
        public void Run(int firstRow, int rows)
        {
            for (var row = firstRow; row < firstRow + rows; row++)
            {
                losses[row] = 0;
                if (targets[row] == NotScored)
                    loss.Skip(row);
                else
                    losses[row] = loss.Run(row, targets[row]);
            }
        }
    }
}
