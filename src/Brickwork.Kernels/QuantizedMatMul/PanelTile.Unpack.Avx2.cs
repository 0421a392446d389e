using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Brickwork.Kernels.QuantizedMatMul;

// The rows of a panel are two vectors here: rows 0 … 7 and rows 8 … 15.
static unsafe partial class PanelTile<TFormat>
{
    const int HalfRows = 8;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void UnpackAvx2(ReadOnlySpan<byte> panel, Span<byte> unpacked)
    {
        fixed (byte* panelStart = &MemoryMarshal.GetReference(panel))
        fixed (byte* unpackedStart = &MemoryMarshal.GetReference(unpacked))
        {
            UnpackHalfAvx2(panelStart, panel.Length, 0, unpackedStart);
            UnpackHalfAvx2(panelStart, panel.Length, HalfRows, unpackedStart);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void UnpackHalfAvx2(byte* block, int bytes, int firstRow, byte* target)
    {
        var end = block + bytes;
        target += 4 * firstRow;
        while (block < end)
        {
            var scales = PanelVectors<TFormat>.Ymm.Scales(block + 2 * firstRow);
            var offsets = TFormat.HasOffset
                ? PanelVectors<TFormat>.Ymm.Scales(block + 2 * (PanelLayout<TFormat>.Rows + firstRow))
                : default;
            block += PanelLayout<TFormat>.HeaderBytes;
            for (var inner = 0; inner < TFormat.ScaleBlocks; inner++)
            {
                PanelVectors<TFormat>.Ymm.BlockScales(scales, block + firstRow).Store((float*)target);
                if (TFormat.HasOffset)
                    PanelVectors<TFormat>.Ymm.BlockOffsets(offsets, block + firstRow).Store((float*)(target + OffsetsAt));
                UnpackGradesAvx2(block + firstRow, target + GradesAt);
                UnpackFactorsAvx2(block + PanelLayout<TFormat>.GradeBytes + 4 * firstRow, target + FactorsAt);
                Prefetch(block + bytes);
                block += PanelLayout<TFormat>.BlockBytes;
                target += 2 * UnpackedBytes;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void UnpackGradesAvx2(byte* block, byte* target)
    {
        if (TFormat.Grades != ScaleGrades.PerHalfBlock)
            return;
        var grades0 = PanelVectors<TFormat>.Ymm.Grades(block);
        var grades1 = PanelVectors<TFormat>.Ymm.Grades(block + PanelLayout<TFormat>.Rows);
        PanelVectors<TFormat>.Ymm.InBothHalves(grades0).Store((short*)target);
        PanelVectors<TFormat>.Ymm.InBothHalves(grades1).Store((short*)(target + Vector));
        PanelVectors<TFormat>.Ymm.ZeroFactors(block).Store((short*)(target + 2 * Vector));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void UnpackFactorsAvx2(byte* quants, byte* target)
    {
        UnpackFactorsAvx2(quants, 0, target);
        UnpackFactorsAvx2(quants, 1, target);
        UnpackFactorsAvx2(quants, 2, target);
        UnpackFactorsAvx2(quants, 3, target);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void UnpackFactorsAvx2(byte* quants, int j, byte* target)
    {
        var low = PanelVectors<TFormat>.Ymm.Low(quants, j);
        var high = PanelVectors<TFormat>.Ymm.High(quants, j);
        if (SplitsBytes)
        {
            var mask = Vector256.Create((byte)15);
            ((low.AsUInt16() >>> 4).AsByte() & mask).Store(target + (8 + j) * Vector);
            ((high.AsUInt16() >>> 4).AsByte() & mask).Store(target + (12 + j) * Vector);
            low &= mask;
            high &= mask;
        }
        low.Store(target + j * Vector);
        high.Store(target + (4 + j) * Vector);
    }
}
