using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Brickwork.Kernels.QuantizedMatMul.Formats;

readonly struct Q6_KPanel : IPanelFormat
{
    public static DType Type => DType.Q6_K;

    public static int QuantBits => 6;

    public static int Zero => 32;

    public static int ScaleBlocks => 8;

    public static ScaleGrades Grades => ScaleGrades.PerHalfBlock;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (ushort Scale, ushort Offset) ReadScales(ReadOnlySpan<byte> stored) =>
        (BinaryPrimitives.ReadUInt16LittleEndian(stored[208..]), 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (byte First, byte Second) ReadGrades(ReadOnlySpan<byte> stored, int block) =>
        (stored[192 + 2 * block], stored[193 + 2 * block]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> ReadQuants(ReadOnlySpan<byte> stored, int block)
    {
        var (half, quarter) = (block / 4, block % 4);
        return HalfBytes.Bits(stored[(64 * half + 32 * (quarter % 2))..], 4 * (quarter / 2), 4)
            | HalfBytes.Bits(stored[(128 + 32 * half)..], 2 * quarter, 2) << 4;
    }
}
