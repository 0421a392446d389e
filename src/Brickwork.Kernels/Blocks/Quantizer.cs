using System.Runtime.InteropServices;

namespace Brickwork.Kernels.Blocks;

/// <summary>Writes floats in a storage type.</summary>
/// <remarks>The scales of a group minimize the sum of importance * (value - stored value)^2; without importance all values count the same.
/// Q4_0 to Q8_0 are written byte for byte as ggml writes them: without importance the largest value gives the scale, as it does in the
/// 4-bit float and ternary types, with it ggml's search is followed.</remarks>
static class Quantizer
{
    /// <summary>Whether rows can be written in this type.</summary>
    public static bool Supports(DType type) => type is DType.F32 or DType.F16 or DType.BF16 or DType.F64
        or DType.Q4_0 or DType.Q4_1 or DType.Q5_0 or DType.Q5_1 or DType.Q8_0
        or DType.Q2_K or DType.Q3_K or DType.Q4_K or DType.Q5_K or DType.Q6_K
        or DType.IQ4_NL or DType.IQ4_XS or DType.TQ1_0 or DType.TQ2_0 or DType.MXFP4 or DType.NVFP4;

    /// <summary>Writes one row.</summary>
    /// <param name="type">A supported storage type.</param>
    /// <param name="row">Whole blocks of finite values.</param>
    /// <param name="blocks">As many bytes as the row takes.</param>
    /// <param name="importance">Empty, or how much an error in each column counts: the mean square of the column's input.</param>
    /// <exception cref="ArgumentException">The lengths do not fit, or the type or the value of a column cannot be written.</exception>
    public static void Run(DType type, ReadOnlySpan<float> row, Span<byte> blocks, ReadOnlySpan<float> importance = default)
    {
        CheckLengths(type, row.Length, blocks.Length, importance.Length);
        CheckValues(type, row);
        CheckImportance(importance);
        switch (type)
        {
            case DType.F32: MemoryMarshal.AsBytes(row).CopyTo(blocks); break;
            case DType.F64: WidenToDoubles(row, MemoryMarshal.Cast<byte, double>(blocks)); break;
            case DType.F16: HalfConversion.Narrow(row, MemoryMarshal.Cast<byte, ushort>(blocks)); break;
            case DType.BF16: BFloat16Conversion.Narrow(row, MemoryMarshal.Cast<byte, ushort>(blocks)); break;
            case DType.Q4_0: WriteOrSearch<Q4_0>(row, importance, blocks); break;
            case DType.Q4_1: WriteOrSearch<Q4_1>(row, importance, blocks); break;
            case DType.Q5_0: WriteOrSearch<Q5_0>(row, importance, blocks); break;
            case DType.Q5_1: WriteOrSearch<Q5_1>(row, importance, blocks); break;
            case DType.Q8_0: WriteBlocks<Q8_0>(row, importance, blocks); break;
            case DType.Q2_K: WriteBlocks<Q2_K>(row, importance, blocks); break;
            case DType.Q3_K: WriteBlocks<Q3_K>(row, importance, blocks); break;
            case DType.Q4_K: WriteBlocks<Q4_K>(row, importance, blocks); break;
            case DType.Q5_K: WriteBlocks<Q5_K>(row, importance, blocks); break;
            case DType.Q6_K: WriteBlocks<Q6_K>(row, importance, blocks); break;
            case DType.IQ4_NL: WriteBlocks<IQ4_NL>(row, importance, blocks); break;
            case DType.IQ4_XS: WriteBlocks<IQ4_XS>(row, importance, blocks); break;
            case DType.TQ1_0: WriteBlocks<TQ1_0>(row, importance, blocks); break;
            case DType.TQ2_0: WriteBlocks<TQ2_0>(row, importance, blocks); break;
            case DType.MXFP4: WriteBlocks<MXFP4>(row, importance, blocks); break;
            default: WriteBlocks<NVFP4>(row, importance, blocks); break;
        }
    }

    static void WriteOrSearch<TFormat>(ReadOnlySpan<float> row, ReadOnlySpan<float> importance, Span<byte> blocks)
        where TFormat : struct, ISearchedFormat
    {
        if (importance.IsEmpty)
            WriteBlocks<TFormat>(row, importance, blocks);
        else
            SearchedRow.Write<TFormat>(row, importance, blocks);
    }

    static void WriteBlocks<TFormat>(ReadOnlySpan<float> row, ReadOnlySpan<float> importance, Span<byte> blocks)
        where TFormat : struct, IWritableFormat
    {
        var (bytes, length) = (TFormat.Type.BlockBytes(), TFormat.Type.BlockLength());
        for (var block = 0; block < row.Length / length; block++)
        {
            var start = block * length;
            var weights = importance.IsEmpty ? default : importance.Slice(start, length);
            TFormat.Quantize(row.Slice(start, length), weights, blocks.Slice(block * bytes, bytes));
        }
    }

    static void WidenToDoubles(ReadOnlySpan<float> row, Span<double> target)
    {
        for (var i = 0; i < row.Length; i++)
            target[i] = row[i];
    }

    static void CheckLengths(DType type, int columns, int bytes, int weights)
    {
        if (!Supports(type))
            throw new ArgumentException($"Type {type} cannot be written.", nameof(type));
        var expected = type.RowBytes(columns);
        if (bytes != expected)
            throw new ArgumentException($"A row of {columns} values of type {type} takes {expected} bytes, found {bytes}.", nameof(bytes));
        if (weights != 0 && weights != columns)
            throw new ArgumentException($"Found {weights} importance weights for {columns} columns; expected 0 or all.", nameof(weights));
    }

    static void CheckValues(DType type, ReadOnlySpan<float> row)
    {
        // Scales are halves: with values beyond their range a block would turn infinite.
        var largest = type switch
        {
            DType.F32 or DType.F64 or DType.MXFP4 => float.MaxValue,
            DType.BF16 => BFloat16Conversion.ToSingle(0x7F7F),
            DType.NVFP4 => 6 * 448,
            _ => 65504,
        };
        var column = ValueLimit.FirstOutside(row, largest);
        if (column >= 0)
            throw new ArgumentException($"Column {column} holds {row[column]}; {type} takes finite values up to {largest}.", nameof(row));
    }

    static void CheckImportance(ReadOnlySpan<float> importance)
    {
        var column = ValueLimit.FirstOutside(importance, float.MaxValue);
        for (var i = 0; column < 0 && i < importance.Length; i++)
            if (importance[i] < 0)
                column = i;
        if (column >= 0)
            throw new ArgumentException(
                $"The importance of column {column} is {importance[column]}; expected finite and not negative.", nameof(importance));
    }
}
