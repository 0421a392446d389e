using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Brickwork.Kernels.QuantizedMatMul.Formats;

/// <summary>Q4_K with fifth bits.</summary>
readonly struct Q5_KPanel : IPanelFormat
{
    public static DType Type => DType.Q5_K;

    public static int QuantBits => 5;

    public static int Zero => 0;

    public static int ScaleBlocks => 8;

    public static bool HasOffset => true;

    public static ScaleGrades Grades => ScaleGrades.PerBlock;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (ushort Scale, ushort Offset) ReadScales(ReadOnlySpan<byte> stored) => Q4_KPanel.ReadScales(stored);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (byte First, byte Second) ReadGrades(ReadOnlySpan<byte> stored, int block) => Q4_KPanel.ReadGrades(stored, block);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> ReadQuants(ReadOnlySpan<byte> stored, int block) =>
        HalfBytes.Bits(stored[(48 + 32 * (block / 2))..], 4 * (block % 2), 4) | HalfBytes.Bits(stored[16..], block, 1) << 4;
}
