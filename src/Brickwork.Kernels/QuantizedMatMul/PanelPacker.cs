using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Brickwork.Kernels.QuantizedMatMul;

/// <summary>Lays stored rows of weights out as a panel.</summary>
static class PanelPacker<TFormat> where TFormat : struct, IPanelFormat
{
    /// <summary>Packs up to 16 rows; missing rows are zero.</summary>
    /// <param name="rows">Stored rows of weights.</param>
    /// <param name="columns">Values per row: whole blocks of the storage type.</param>
    /// <param name="panel"><see cref="PanelLayout{TFormat}.Bytes"/> bytes.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(ReadOnlySpan<byte> rows, int columns, Span<byte> panel)
    {
        var rowBytes = (int)TFormat.Type.RowBytes(columns);
        if (rows.Length < PanelLayout<TFormat>.Rows * rowBytes)
            panel.Clear();
        for (var row = 0; row < PanelLayout<TFormat>.Rows && !rows.IsEmpty; row++, rows = rows[rowBytes..])
            PackRow(rows[..rowBytes], row, panel);
    }

    // Not compiled in haste first: a model's weights all pass through here before the first token.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void PackRow(ReadOnlySpan<byte> stored, int row, Span<byte> panel)
    {
        var scaleBytes = TFormat.Type.BlockBytes();
        for (; !stored.IsEmpty; stored = stored[scaleBytes..], panel = panel[PanelLayout<TFormat>.ScaleBytes..])
        {
            var (scale, offset) = TFormat.ReadScales(stored);
            BinaryPrimitives.WriteUInt16LittleEndian(panel[(2 * row)..], scale);
            if (TFormat.HasOffset)
                BinaryPrimitives.WriteUInt16LittleEndian(panel[(2 * (PanelLayout<TFormat>.Rows + row))..], offset);
            var target = panel[PanelLayout<TFormat>.HeaderBytes..];
            for (var block = 0; block < TFormat.ScaleBlocks; block++)
            {
                PackGrades(TFormat.ReadGrades(stored, block), row, target);
                target = target[PanelLayout<TFormat>.GradeBytes..];
                PackQuants(TFormat.ReadQuants(stored, block).AsUInt32(), row, MemoryMarshal.Cast<byte, uint>(target));
                target = target[PanelLayout<TFormat>.QuantBytes..];
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void PackGrades((byte First, byte Second) grades, int row, Span<byte> block)
    {
        if (PanelLayout<TFormat>.GradeBytes > 0)
            block[row] = grades.First;
        if (PanelLayout<TFormat>.GradeBytes > PanelLayout<TFormat>.Rows)
            block[PanelLayout<TFormat>.Rows + row] = grades.Second;
    }

    /// <summary>Four columns are one word; the same words of all rows lie side by side.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void PackQuants(Vector256<uint> words, int row, Span<uint> target)
    {
        const int Next = PanelLayout<TFormat>.Rows;
        if (TFormat.QuantBits == 8)
        {
            target[row + 7 * Next] = words.GetElement(7);
            target[row + 6 * Next] = words.GetElement(6);
            target[row + 5 * Next] = words.GetElement(5);
            target[row + 4 * Next] = words.GetElement(4);
            target[row + 3 * Next] = words.GetElement(3);
            target[row + 2 * Next] = words.GetElement(2);
            target[row + Next] = words.GetElement(1);
            target[row] = words.GetElement(0);
            return;
        }
        var halves = words & Vector256.Create(0x0F0F0F0Fu);
        var four = halves.GetLower() | halves.GetUpper() << 4;
        target[row + 3 * Next] = four.GetElement(3);
        target[row + 2 * Next] = four.GetElement(2);
        target[row + Next] = four.GetElement(1);
        target[row] = four.GetElement(0);
        var upper = words >>> 4 & Vector256.Create(0x03030303u);
        if (TFormat.QuantBits == 5)
            target[row + 4 * Next] = Join(upper * Vector256.Create(1u, 2, 4, 8, 16, 32, 64, 128));
        if (TFormat.QuantBits == 6)
        {
            var pairs = upper * Vector256.Create(1u, 4, 16, 64, 1, 4, 16, 64);
            target[row + 5 * Next] = Join(pairs.GetUpper());
            target[row + 4 * Next] = Join(pairs.GetLower());
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static uint Join(Vector256<uint> words) => Join(words.GetLower() | words.GetUpper());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static uint Join(Vector128<uint> words)
    {
        var two = words.AsUInt64().ToScalar() | words.AsUInt64().GetElement(1);
        return (uint)(two | two >> 32);
    }
}
