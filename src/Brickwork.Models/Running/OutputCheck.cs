using System.Numerics;
using System.Runtime.InteropServices;
using Brickwork.Kernels.Blocks;
using Brickwork.Models.Loading;

namespace Brickwork.Models.Running;

/// <summary>Notices outputs that are not numbers, and looks for the weights they come from.</summary>
static class OutputCheck
{
    /// <summary>Whether every value is a finite number.</summary>
    public static bool IsFinite(ReadOnlySpan<float> values)
    {
        // 0·x is 0 for numbers only, and what is not a number stays in a sum.
        var lanes = MemoryMarshal.Cast<float, Vector<float>>(values);
        var sums = Vector<float>.Zero;
        foreach (ref readonly var lane in lanes)
            sums += lane * Vector<float>.Zero;
        var sum = Vector.Sum(sums);
        foreach (var value in values[(lanes.Length * Vector<float>.Count)..])
            sum += value * 0;
        return sum == 0;
    }

    /// <summary>What to tell the user: the first tensor that is not finite, or that none is.</summary>
    public static CheckpointException Explain(Checkpoint checkpoint)
    {
        foreach (var tensor in checkpoint.Tensors)
            if (tensor.Type is not (DType.I8 or DType.I16 or DType.I32 or DType.I64) && !IsFinite(checkpoint.Open(tensor.Name)))
                return Faults.NotFinite(tensor.Name, checkpoint.Source);
        return Faults.NoNumbers(checkpoint.Source);
    }

    static bool IsFinite(Tensor weights)
    {
        var row = new float[weights.Columns];
        for (var index = 0; index < weights.Rows; index++)
        {
            Dequantizer.Run(weights.Type, weights.RowSpan(index, 1), row);
            if (!IsFinite(row))
                return false;
        }
        return true;
    }
}
