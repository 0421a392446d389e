using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Brickwork.Kernels.QuantizedMatMul;

static unsafe partial class PanelTile<TFormat>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void UnpackAvx512(ReadOnlySpan<byte> panel, Span<byte> unpacked)
    {
        fixed (byte* panelStart = &MemoryMarshal.GetReference(panel))
        fixed (byte* unpackedStart = &MemoryMarshal.GetReference(unpacked))
        {
            var block = panelStart;
            var target = unpackedStart;
            while (block < panelStart + panel.Length)
            {
                var scales = PanelVectors<TFormat>.Zmm.Scales(block);
                var offsets = TFormat.HasOffset ? PanelVectors<TFormat>.Zmm.Scales(block + 2 * PanelLayout<TFormat>.Rows) : default;
                block += PanelLayout<TFormat>.HeaderBytes;
                for (var inner = 0; inner < TFormat.ScaleBlocks; inner++)
                {
                    PanelVectors<TFormat>.Zmm.BlockScales(scales, block).Store((float*)target);
                    if (TFormat.HasOffset)
                        PanelVectors<TFormat>.Zmm.BlockOffsets(offsets, block).Store((float*)(target + OffsetsAt));
                    UnpackGradesAvx512(block, target + GradesAt);
                    UnpackFactorsAvx512(block + PanelLayout<TFormat>.GradeBytes, target + FactorsAt);
                    Prefetch(block + panel.Length);
                    block += PanelLayout<TFormat>.BlockBytes;
                    target += 2 * UnpackedBytes;
                }
            }
        }
    }

    /// <summary>Fetches a block of the next piece: while tiles are computed the processor does not see that it will be read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Prefetch(byte* block)
    {
        Sse.Prefetch1(block);
        Sse.Prefetch1(block + 64);
        Sse.Prefetch1(block + 128);
        Sse.Prefetch1(block + 192);
        Sse.Prefetch1(block + 256);
        if (PanelLayout<TFormat>.BlockBytes > 320)
            Sse.Prefetch1(block + 320);
        if (PanelLayout<TFormat>.BlockBytes > 384)
            Sse.Prefetch1(block + 384);
        if (PanelLayout<TFormat>.BlockBytes > 448)
            Sse.Prefetch1(block + 448);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void UnpackGradesAvx512(byte* block, byte* target)
    {
        if (TFormat.Grades != ScaleGrades.PerHalfBlock)
            return;
        var grades0 = PanelVectors<TFormat>.Zmm.Grades(block);
        var grades1 = PanelVectors<TFormat>.Zmm.Grades(block + PanelLayout<TFormat>.Rows);
        PanelVectors<TFormat>.Zmm.InBothHalves(grades0).Store((short*)target);
        PanelVectors<TFormat>.Zmm.InBothHalves(grades1).Store((short*)(target + Vector));
        PanelVectors<TFormat>.Zmm.ZeroFactors(block).Store((short*)(target + 2 * Vector));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void UnpackFactorsAvx512(byte* quants, byte* target)
    {
        UnpackFactorsAvx512(quants, 0, target);
        UnpackFactorsAvx512(quants, 1, target);
        UnpackFactorsAvx512(quants, 2, target);
        UnpackFactorsAvx512(quants, 3, target);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void UnpackFactorsAvx512(byte* quants, int j, byte* target)
    {
        var low = PanelVectors<TFormat>.Zmm.Low(quants, j);
        var high = PanelVectors<TFormat>.Zmm.High(quants, j);
        if (SplitsBytes)
        {
            var mask = Vector512.Create((byte)15);
            ((low.AsUInt16() >>> 4).AsByte() & mask).Store(target + (8 + j) * Vector);
            ((high.AsUInt16() >>> 4).AsByte() & mask).Store(target + (12 + j) * Vector);
            low &= mask;
            high &= mask;
        }
        low.Store(target + j * Vector);
        high.Store(target + (4 + j) * Vector);
    }
}
