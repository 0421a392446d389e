using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Brickwork.Kernels.QuantizedMatMul;

/// <summary>Inputs of a product as signed bytes: blocks of 32 with one scale, value = scale · quant.</summary>
/// <remarks>
/// Bytes of a block: quants 32, scale 4 (F32), sum of the first and of the last 16 quants 2 each. The sums serve weights whose quants have
/// an offset. Magnitudes below 1e-30 count as zero; a block with an infinite or undefined value has an undefined scale.
/// </remarks>
static partial class ActivationBlocks
{
    /// <summary>Values in a block.</summary>
    public const int BlockLength = 32;

    /// <summary>Bytes of a block.</summary>
    public const int BlockBytes = 40;

    /// <summary>Where in a block its scale stands.</summary>
    public const int Scale = 32;

    /// <summary>Where in a block its two sums stand.</summary>
    public const int Sums = 36;

    const float Smallest = 1e-30f;

    /// <summary>Bytes of a row of <paramref name="columns"/> values.</summary>
    public static int RowBytes(int columns) => checked(columns / BlockLength * BlockBytes);

    /// <summary>Rounds values to blocks; every path gives the same bytes.</summary>
    /// <param name="path">The kernel to use.</param>
    /// <param name="values">A multiple of <see cref="BlockLength"/> values.</param>
    /// <param name="blocks">Room for as many blocks.</param>
    public static void Quantize(InstructionSet path, ReadOnlySpan<float> values, Span<byte> blocks)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(values.Length % BlockLength, 0, nameof(values));
        ArgumentOutOfRangeException.ThrowIfLessThan(blocks.Length, RowBytes(values.Length), nameof(blocks));
        if (path == InstructionSet.Reference)
            QuantizeReference(values, blocks);
        else
            QuantizeVector(values, blocks);
    }

    /// <summary>
    /// Writes the scale of a block whose largest magnitude is given; returns what to multiply values by, 0 where all quants are 0.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static float WriteScale(float largest, Span<byte> block)
    {
        var finite = float.IsFinite(largest);
        var scale = !finite ? float.NaN : largest < Smallest ? 0 : largest / sbyte.MaxValue;
        BinaryPrimitives.WriteSingleLittleEndian(block[Scale..], scale);
        return finite && largest >= Smallest ? sbyte.MaxValue / largest : 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void WriteSums(int first, int last, Span<byte> block)
    {
        BinaryPrimitives.WriteInt16LittleEndian(block[Sums..], (short)first);
        BinaryPrimitives.WriteInt16LittleEndian(block[(Sums + 2)..], (short)last);
    }
}
