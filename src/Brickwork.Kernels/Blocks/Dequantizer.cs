using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Brickwork.Kernels.Blocks;

/// <summary>Reads stored values as floats, from any floating or quantized storage type.</summary>
static class Dequantizer
{
    /// <summary>Reads whole blocks; the lengths must fit each other.</summary>
    /// <exception cref="ArgumentException">The spans are not the same whole number of blocks, or the type holds integers.</exception>
    public static void Run(DType type, ReadOnlySpan<byte> blocks, Span<float> values)
    {
        CheckLengths(type, blocks.Length, values.Length);
        if (!Vector256.IsHardwareAccelerated || !TryRunVector(type, blocks, values))
            RunReference(type, blocks, values);
    }

    /// <summary>The same in plain loops: what the other paths are tested against.</summary>
    public static void RunReference(DType type, ReadOnlySpan<byte> blocks, Span<float> values)
    {
        CheckLengths(type, blocks.Length, values.Length);
        switch (type)
        {
            case DType.F32: MemoryMarshal.Cast<byte, float>(blocks).CopyTo(values); break;
            case DType.F64: NarrowDoubles(MemoryMarshal.Cast<byte, double>(blocks), values); break;
            case DType.F16: HalfConversion.WidenReference(MemoryMarshal.Cast<byte, ushort>(blocks), values); break;
            case DType.BF16: BFloat16Conversion.WidenReference(MemoryMarshal.Cast<byte, ushort>(blocks), values); break;
            case DType.Q4_0: ReadBlocks<Q4_0>(blocks, values); break;
            case DType.Q4_1: ReadBlocks<Q4_1>(blocks, values); break;
            case DType.Q5_0: ReadBlocks<Q5_0>(blocks, values); break;
            case DType.Q5_1: ReadBlocks<Q5_1>(blocks, values); break;
            case DType.Q8_0: ReadBlocks<Q8_0>(blocks, values); break;
            case DType.Q2_K: ReadBlocks<Q2_K>(blocks, values); break;
            case DType.Q3_K: ReadBlocks<Q3_K>(blocks, values); break;
            case DType.Q4_K: ReadBlocks<Q4_K>(blocks, values); break;
            case DType.Q5_K: ReadBlocks<Q5_K>(blocks, values); break;
            case DType.Q6_K: ReadBlocks<Q6_K>(blocks, values); break;
            case DType.IQ1_S: ReadBlocks<IQ1_S>(blocks, values); break;
            case DType.IQ1_M: ReadBlocks<IQ1_M>(blocks, values); break;
            case DType.IQ2_XXS: ReadBlocks<IQ2_XXS>(blocks, values); break;
            case DType.IQ2_XS: ReadBlocks<IQ2_XS>(blocks, values); break;
            case DType.IQ2_S: ReadBlocks<IQ2_S>(blocks, values); break;
            case DType.IQ3_XXS: ReadBlocks<IQ3_XXS>(blocks, values); break;
            case DType.IQ3_S: ReadBlocks<IQ3_S>(blocks, values); break;
            case DType.IQ4_NL: ReadBlocks<IQ4_NL>(blocks, values); break;
            case DType.IQ4_XS: ReadBlocks<IQ4_XS>(blocks, values); break;
            case DType.TQ1_0: ReadBlocks<TQ1_0>(blocks, values); break;
            case DType.TQ2_0: ReadBlocks<TQ2_0>(blocks, values); break;
            case DType.MXFP4: ReadBlocks<MXFP4>(blocks, values); break;
            case DType.NVFP4: ReadBlocks<NVFP4>(blocks, values); break;
            default: throw new ArgumentException($"Type {type} is not read as floats; expected a floating or quantized one.", nameof(type));
        }
    }

    static bool TryRunVector(DType type, ReadOnlySpan<byte> blocks, Span<float> values)
    {
        switch (type)
        {
            case DType.F16: HalfConversion.Widen(MemoryMarshal.Cast<byte, ushort>(blocks), values); return true;
            case DType.BF16: BFloat16Conversion.Widen(MemoryMarshal.Cast<byte, ushort>(blocks), values); return true;
            case DType.Q4_0: ReadBlocksVector<Q4_0>(blocks, values); return true;
            case DType.Q5_0: ReadBlocksVector<Q5_0>(blocks, values); return true;
            case DType.Q8_0: ReadBlocksVector<Q8_0>(blocks, values); return true;
            case DType.Q4_1: ReadBlocksVector<Q4_1>(blocks, values); return true;
            case DType.Q5_1: ReadBlocksVector<Q5_1>(blocks, values); return true;
            case DType.Q2_K: ReadBlocksVector<Q2_K>(blocks, values); return true;
            case DType.Q3_K: ReadBlocksVector<Q3_K>(blocks, values); return true;
            case DType.TQ2_0: ReadBlocksVector<TQ2_0>(blocks, values); return true;
            case DType.Q4_K: ReadBlocksVector<Q4_K>(blocks, values); return true;
            case DType.Q5_K: ReadBlocksVector<Q5_K>(blocks, values); return true;
            case DType.Q6_K: ReadBlocksVector<Q6_K>(blocks, values); return true;
            case DType.IQ4_NL: ReadBlocksVector<IQ4_NL>(blocks, values); return true;
            case DType.IQ4_XS: ReadBlocksVector<IQ4_XS>(blocks, values); return true;
            case DType.MXFP4: ReadBlocksVector<MXFP4>(blocks, values); return true;
            default: return false;
        }
    }

    static void ReadBlocks<TFormat>(ReadOnlySpan<byte> blocks, Span<float> values)
        where TFormat : struct, IBlockFormat
    {
        var (bytes, length) = (TFormat.Type.BlockBytes(), TFormat.Type.BlockLength());
        for (; !values.IsEmpty; blocks = blocks[bytes..], values = values[length..])
            TFormat.Dequantize(blocks[..bytes], values[..length]);
    }

    static void ReadBlocksVector<TFormat>(ReadOnlySpan<byte> blocks, Span<float> values)
        where TFormat : struct, IVectorFormat
    {
        var (bytes, length) = (TFormat.Type.BlockBytes(), TFormat.Type.BlockLength());
        for (; !values.IsEmpty; blocks = blocks[bytes..], values = values[length..])
            TFormat.DequantizeVector(blocks[..bytes], values[..length]);
    }

    static void NarrowDoubles(ReadOnlySpan<double> source, Span<float> values)
    {
        for (var i = 0; i < values.Length; i++)
            values[i] = (float)source[i];
    }

    static void CheckLengths(DType type, int bytes, int count)
    {
        var expected = type.RowBytes(count);
        if (bytes != expected)
            throw new ArgumentException($"{count} values of type {type} take {expected} bytes, found {bytes}.", nameof(bytes));
    }
}
