using System.Buffers.Binary;
using System.Runtime.Intrinsics;

namespace Brickwork.Kernels.QuantizedMatMul;

/// <summary>Lays stored rows of weights out as a panel.</summary>
static class PanelPacker<TFormat> where TFormat : struct, IPanelFormat
{
    /// <summary>Packs up to 16 rows; missing rows are zero.</summary>
    /// <param name="rows">Stored rows of weights.</param>
    /// <param name="columns">Values per row: whole blocks of the storage type.</param>
    /// <param name="panel"><see cref="PanelLayout{TFormat}.Bytes"/> bytes.</param>
    public static void Run(ReadOnlySpan<byte> rows, int columns, Span<byte> panel)
    {
        var rowBytes = (int)TFormat.Type.RowBytes(columns);
        panel.Clear();
        for (var row = 0; row < PanelLayout<TFormat>.Rows && !rows.IsEmpty; row++, rows = rows[rowBytes..])
            for (var scale = 0; scale < columns / PanelLayout<TFormat>.ScaleLength; scale++)
            {
                var stored = rows.Slice(scale * TFormat.Type.BlockBytes(), TFormat.Type.BlockBytes());
                PackScale(stored, row, panel.Slice(scale * PanelLayout<TFormat>.ScaleBytes, PanelLayout<TFormat>.ScaleBytes));
            }
    }

    static void PackScale(ReadOnlySpan<byte> stored, int row, Span<byte> panel)
    {
        var (scale, offset) = TFormat.ReadScales(stored);
        BinaryPrimitives.WriteUInt16LittleEndian(panel[(2 * row)..], scale);
        if (TFormat.HasOffset)
            BinaryPrimitives.WriteUInt16LittleEndian(panel[(2 * (PanelLayout<TFormat>.Rows + row))..], offset);
        for (var block = 0; block < TFormat.ScaleBlocks; block++)
        {
            var target = panel.Slice(PanelLayout<TFormat>.HeaderBytes + block * PanelLayout<TFormat>.BlockBytes,
                PanelLayout<TFormat>.BlockBytes);
            PackGrades(TFormat.ReadGrades(stored, block), row, target);
            PackQuants(TFormat.ReadQuants(stored, block).AsUInt32(), target[(PanelLayout<TFormat>.GradeBytes + 4 * row)..]);
        }
    }

    static void PackGrades((byte First, byte Second) grades, int row, Span<byte> block)
    {
        if (PanelLayout<TFormat>.GradeBytes > 0)
            block[row] = grades.First;
        if (PanelLayout<TFormat>.GradeBytes > PanelLayout<TFormat>.Rows)
            block[PanelLayout<TFormat>.Rows + row] = grades.Second;
    }

    /// <summary>Four columns are one word.</summary>
    static void PackQuants(Vector256<uint> words, Span<byte> target)
    {
        const uint LowHalves = 0x0F0F0F0F;
        if (TFormat.QuantBits == 8)
        {
            for (var j = 0; j < 8; j++)
                Write(target, j, words[j]);
            return;
        }
        for (var j = 0; j < 4; j++)
            Write(target, j, words[j] & LowHalves | (words[j + 4] & LowHalves) << 4);
        var upper = words >>> 4 & Vector256.Create(0x03030303u);
        if (TFormat.QuantBits == 5)
            Write(target, 4, upper[0] | upper[1] << 1 | upper[2] << 2 | upper[3] << 3
                | upper[4] << 4 | upper[5] << 5 | upper[6] << 6 | upper[7] << 7);
        if (TFormat.QuantBits == 6)
        {
            Write(target, 4, upper[0] | upper[1] << 2 | upper[2] << 4 | upper[3] << 6);
            Write(target, 5, upper[4] | upper[5] << 2 | upper[6] << 4 | upper[7] << 6);
        }
    }

    static void Write(Span<byte> target, int vector, uint word) =>
        BinaryPrimitives.WriteUInt32LittleEndian(target[(vector * PanelLayout<TFormat>.Vector)..], word);
}
