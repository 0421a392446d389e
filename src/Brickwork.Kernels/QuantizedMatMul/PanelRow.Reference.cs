using System.Buffers.Binary;
using Brickwork.Kernels.Blocks;

namespace Brickwork.Kernels.QuantizedMatMul;

static partial class PanelRow<TFormat>
{
    static void RunReference(ReadOnlySpan<byte> panel, ReadOnlySpan<byte> inputs, int scales, Span<float> sums)
    {
        for (var row = 0; row < PanelLayout<TFormat>.Rows; row++)
        {
            var sum = 0f;
            for (var block = 0; block < scales * TFormat.ScaleBlocks; block++)
            {
                var scaled = panel[(block / TFormat.ScaleBlocks * PanelLayout<TFormat>.ScaleBytes)..];
                var weights = scaled[(PanelLayout<TFormat>.HeaderBytes + block % TFormat.ScaleBlocks * PanelLayout<TFormat>.BlockBytes)..];
                sum = AddBlock(scaled, weights, row, inputs.Slice(block * ActivationBlocks.BlockBytes, ActivationBlocks.BlockBytes), sum);
            }
            sums[row] = sum;
        }
    }

    static float AddBlock(ReadOnlySpan<byte> scaled, ReadOnlySpan<byte> weights, int row, ReadOnlySpan<byte> inputs, float sum)
    {
        var scale = ReadScale(scaled, row);
        var offset = TFormat.HasOffset ? ReadScale(scaled, PanelLayout<TFormat>.Rows + row) : 0;
        var (first, second) = (1, 1);
        switch (TFormat.Grades)
        {
            case ScaleGrades.PerBlock:
                scale *= (sbyte)weights[row];
                offset *= TFormat.HasOffset ? (sbyte)weights[PanelLayout<TFormat>.Rows + row] : 1;
                break;
            case ScaleGrades.PerHalfBlock:
                (first, second) = ((sbyte)weights[row], (sbyte)weights[PanelLayout<TFormat>.Rows + row]);
                break;
        }

        var inputScale = BinaryPrimitives.ReadSingleLittleEndian(inputs[ActivationBlocks.Scale..]);
        var (dot, inputSum) = (0, 0);
        for (var column = 0; column < PanelLayout<TFormat>.BlockLength; column++)
        {
            var input = (sbyte)inputs[column];
            inputSum += input;
            var factor = Factor(weights[PanelLayout<TFormat>.GradeBytes..], row, column);
            dot += (column < 16 ? first : second) * (factor - TFormat.Zero) * input;
        }
        sum = MathF.FusedMultiplyAdd(dot, scale * inputScale, sum);
        return TFormat.HasOffset ? MathF.FusedMultiplyAdd(offset, inputScale * inputSum, sum) : sum;
    }

    static float ReadScale(ReadOnlySpan<byte> scaled, int index)
    {
        var bits = BinaryPrimitives.ReadUInt16LittleEndian(scaled[(2 * index)..]);
        return TFormat.HasBFloatScales ? BitConverter.UInt32BitsToSingle((uint)bits << 16) : HalfConversion.ToSingle(bits);
    }

    /// <summary>The unsigned number that stands for a weight.</summary>
    static int Factor(ReadOnlySpan<byte> quants, int row, int column)
    {
        var (group, place) = (column / 4, 4 * row + column % 4);
        if (TFormat.QuantBits == 8)
            return quants[PanelLayout<TFormat>.Vector * group + place];
        var quant = quants[PanelLayout<TFormat>.Vector * (group % 4) + place] >> 4 * (group / 4) & 15;
        if (TFormat.QuantBits == 5)
            quant |= (quants[PanelLayout<TFormat>.Vector * 4 + place] >> group & 1) << 4;
        if (TFormat.QuantBits == 6)
            quant |= (quants[PanelLayout<TFormat>.Vector * (4 + group / 4) + place] >> 2 * (group % 4) & 3) << 4;
        return TFormat.HasLevels ? TFormat.Levels[quant] : quant;
    }
}
