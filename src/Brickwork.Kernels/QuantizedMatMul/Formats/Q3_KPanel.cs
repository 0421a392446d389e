using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Brickwork.Kernels.QuantizedMatMul.Formats;

readonly struct Q3_KPanel : IPanelFormat
{
    public static DType Type => DType.Q3_K;

    public static int QuantBits => 4;

    public static int Zero => 4;

    public static int ScaleBlocks => 8;

    public static ScaleGrades Grades => ScaleGrades.PerHalfBlock;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (ushort Scale, ushort Offset) ReadScales(ReadOnlySpan<byte> stored) =>
        (BinaryPrimitives.ReadUInt16LittleEndian(stored[108..]), 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (byte First, byte Second) ReadGrades(ReadOnlySpan<byte> stored, int block) =>
        (ReadGrade(stored[96..108], 2 * block), ReadGrade(stored[96..108], 2 * block + 1));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> ReadQuants(ReadOnlySpan<byte> stored, int block) =>
        HalfBytes.Bits(stored[(32 + 32 * (block / 4))..], 2 * (block % 4), 2) | HalfBytes.Bits(stored, block, 1) << 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static byte ReadGrade(ReadOnlySpan<byte> packed, int group) =>
        (byte)((packed[group % 8] >> 4 * (group / 8) & 15 | (packed[8 + group % 4] >> 2 * (group / 4) & 3) << 4) - 32);
}
